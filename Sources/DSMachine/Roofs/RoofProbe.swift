import CSystem
import DSCore

/// Measures the roofs of one core in about a second, and checks the caches that hwloc declares.
///
/// The kernels it times are handed in: they belong to another room.
public struct RoofProbe {
  /// Does `repetitions` rounds of dependency-free fused multiply-adds as fast as one core can, and
  /// returns the floating-point operations done (two for each multiply-add of each lane).
  public typealias FusedMultiplyAdd = (_ repetitions: Int) -> Int
  /// Reads every byte once, in order and as fast as it can; the result only keeps it honest.
  public typealias MemoryRead = (UnsafeRawPointer, _ byteCount: Int) -> Float

  private let topology: Topology
  private let budgetNanoseconds: Double
  private let fmaProbe: FusedMultiplyAdd
  private let memoryRead: MemoryRead

  /// - Parameter budgetSeconds: about how long `measure()` takes, from 0.05 to 60; on machines with
  ///   large caches the working sets alone may need half a second more.
  public init(
    topology: Topology, budgetSeconds: Double = 1, fmaProbe: @escaping FusedMultiplyAdd,
    memoryRead: @escaping MemoryRead
  ) {
    self.topology = topology
    budgetNanoseconds = min(max(budgetSeconds.isFinite ? budgetSeconds : 1, 0.05), 60) * 1e9
    self.fmaProbe = fmaProbe
    self.memoryRead = memoryRead
  }

  /// Measures on the first core of the default core set; the calling thread is bound to it
  /// meanwhile and is let go afterwards. Never fails: what could not be measured is `nil`, and
  /// `warnings` says why.
  ///
  /// - Parameter shouldStop: asked every few milliseconds; what was not measured by then is `nil`.
  public func measure(shouldStop: () -> Bool = { false }) -> RoofMeasurement {
    let processor = (try? topology.defaultCoreSet(workers: 1))?.processors.first ?? 0
    var result = RoofMeasurement(processor: processor)
    guard topology.isThisSystem else {
      result.warnings.append("\(topology.source) is not this machine; nothing was measured")
      return result
    }
    let start = cs_monotonic_ns()
    let affinity = ProcessAffinity.current()
    if let failure = topology.bindCurrentThread(to: processor) {
      result.warnings.append(failure.description)
    }
    defer { affinity.map(ProcessAffinity.restore) }
    if let quota = topology.cpuQuota, quota < 1 {
      result.warnings.append(
        "the cgroup grants \(quota) of a core; rates are those between two throttlings")
    }
    measureArithmetic(&result, shouldStop)
    measureMemory(&result, shouldStop)
    if shouldStop() { result.warnings.append("the measurement was ended before it was complete") }
    result.elapsedSeconds = Double(ClockTime.elapsed(from: start, to: cs_monotonic_ns())) / 1e9
    return result
  }

  // MARK: - Arithmetic

  private func measureArithmetic(_ result: inout RoofMeasurement, _ shouldStop: () -> Bool) {
    var limit = TimeLimit(nanoseconds: budgetNanoseconds * 0.15, of: cs_monotonic_ns)
    var repetitions = 64
    var rates: [Double] = []
    while !limit.isOver() || (rates.count < 3 && !limit.clockStands), !shouldStop() {
      let start = cs_monotonic_ns()
      let operations = fmaProbe(repetitions)
      let elapsed = Double(ClockTime.elapsed(from: start, to: cs_monotonic_ns()))
      if operations <= 0 { break }
      if elapsed > 1e6 {
        rates.append(Double(operations) / elapsed)
      } else if repetitions < 1 << 40 {
        repetitions *= 2
      } else {
        break
      }
    }
    guard let best = rates.max(), let worst = rates.min() else {
      if shouldStop() { return }
      result.warnings.append("the multiply-add rate could not be measured: its kernel did no work")
      return
    }
    result.fmaGigaflopsPerCore = best
    if worst < 0.8 * best {
      result.warnings.append(
        "the multiply-add rate varied from \(Int(worst)) to \(Int(best)) GFLOP/s; "
          + "the core is shared or its clock changes, so stop other work and fix the frequency")
    }
  }

  // MARK: - Memory

  private func measureMemory(_ result: inout RoofMeasurement, _ shouldStop: () -> Bool) {
    if shouldStop() { return }
    let declared = topology.description.caches
    let largest = largestWorkingSet(declared)
    let lineBytes = max(64, declared.map(\.lineBytes).max() ?? 64)
    guard largest >= 1 << 20,
      var chase = PointerChase(capacityBytes: largest, lineBytes: lineBytes)
    else {
      result.warnings.append("there is too little free memory to measure caches and bandwidth")
      return
    }
    let sizes = Self.workingSets(upTo: largest)
    let slice = budgetNanoseconds * 0.35 / Double(sizes.count)
    for size in sizes {
      chase.grow(to: size, shouldStop: shouldStop)
      // Some caches keep only what they have seen more than once.
      for _ in 0..<3 where !shouldStop() { chase.touch() }
      let latency = chase.latency(forNanoseconds: slice, shouldStop: shouldStop)
      // Half a curve would refute what is declared.
      if shouldStop() { return }
      result.latencyCurve.append(.init(byteCount: size, nanoseconds: latency))
    }
    result.interpret(declared: declared)
    measureBandwidth(&result, of: chase.bytes, byteCount: largest, shouldStop)
  }

  private func measureBandwidth(
    _ result: inout RoofMeasurement, of bytes: UnsafeRawPointer, byteCount: Int,
    _ shouldStop: () -> Bool
  ) {
    let slice = budgetNanoseconds * 0.3 / Double(result.levels.count + 1)
    for index in result.levels.indices where !shouldStop() {
      guard let size = result.levels[index].byteCount, size / 2 <= byteCount else { continue }
      result.levels[index].gigabytesPerSecond = bandwidth(
        bytes, size / 2, slice, shouldStop)
    }
    if shouldStop() { return }
    let lastLevel = result.levels.last?.byteCount ?? 0
    guard byteCount >= 2 * lastLevel else {
      result.warnings.append(
        "memory bandwidth was not measured: there is too little free memory to leave the caches")
      return
    }
    result.memoryGigabytesPerSecond = bandwidth(bytes, byteCount, slice, shouldStop)
  }

  /// Bytes a nanosecond, the best of at least two reads after one that warms the caches.
  private func bandwidth(
    _ bytes: UnsafeRawPointer, _ byteCount: Int, _ nanoseconds: Double, _ shouldStop: () -> Bool
  ) -> Double? {
    let lines = byteCount & ~4095
    guard lines > 0 else { return nil }
    let calls = max(1, (1 << 20) / lines)
    var best = 0.0
    var reads = 0
    _ = memoryRead(bytes, lines)
    var limit = TimeLimit(nanoseconds: nanoseconds, of: cs_monotonic_ns)
    while reads < 2 || !limit.isOver() {
      if shouldStop() { return nil }
      let start = cs_monotonic_ns()
      for _ in 0..<calls { _ = memoryRead(bytes, lines) }
      let elapsed = max(1, ClockTime.elapsed(from: start, to: cs_monotonic_ns()))
      best = max(best, Double(lines * calls) / Double(elapsed))
      reads += 1
    }
    return best
  }

  /// Four times the last cache, as far as memory and time allow.
  private func largestWorkingSet(_ caches: [MachineDescription.Cache]) -> Int {
    let lastLevel = caches.last?.byteCount ?? 32 << 20
    let affordable = Int(budgetNanoseconds / 1e9 * Double(512 << 20))
    let wanted = max(8 << 20, lastLevel.multipliedReportingOverflow(by: 4).partialValue)
    return min(wanted, affordable, MemoryAllowance.bytes()) & ~((1 << 20) - 1)
  }

  /// 8, 12, 16, 24, 32 KiB and so on: two sizes an octave, where caches end.
  private static func workingSets(upTo largest: Int) -> [Int] {
    sequence(first: 8 << 10) { $0 * 2 }.prefix { $0 <= largest }
      .flatMap { [$0, $0 / 2 * 3] }.filter { $0 <= largest }
  }
}
