import CSystem
import DSCore
import DSKernels
import DSRuntime
import DSTuning

/// What several cores reach together.
struct CrewRoofs: Codable, Sendable {
  struct Level: Codable, Sendable {
    let level: Int
    let gigabytesPerSecond: Double
  }

  let workers: Int
  private(set) var fmaGigaflops: Double?
  /// Of every cache level that was measured, all cores' reads added up.
  private(set) var levels: [Level] = []
  private(set) var memoryGigabytesPerSecond: Double?
  /// What a barrier of all takes; `nil` for one thread.
  private(set) var barrierNanoseconds: Double?

  /// Runs the roofs' loops on all of `processors` at once.
  ///
  /// - Parameters:
  ///   - lastLevelBytes: of the last cache, as declared: it may behave like a smaller one, and still keep
  ///     more from memory than that.
  ///   - seconds: about how long each of the measurements takes.
  /// - Throws: `RuntimeError.threadRefused`, `.outOfMemory`.
  init(
    _ kernels: FastKernelSet, machine: MachineDescription, lastLevelBytes: Int, processors: [Int],
    seconds: Double = 0.08
  ) throws(RuntimeError) {
    workers = processors.count
    let pool = try WorkerPool(
      workers: processors.count, processors: processors, idleSpinMicroseconds: 2000)
    fmaGigaflops = Self.arithmetic(kernels, pool: pool, seconds: seconds)
    barrierNanoseconds = workers > 1 ? pool.barrierNanoseconds() : nil
    let lastLevel = max(lastLevelBytes, machine.lastLevelCache?.byteCount ?? 0)
    // Four times the last cache in all leaves at most a quarter of every pass in it.
    let total = min(4 * lastLevel, 1 << 30, MemoryAllowance.bytes())
    let bytes = max(1 << 20, total / workers) & ~4095
    let buffers = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      var buffers: [AlignedBuffer] = []
      for _ in 0..<processors.count { buffers.append(try AlignedBuffer(byteCount: bytes)) }
      return buffers
    }
    func rate(_ byteCount: Int) -> Double? {
      Self.bandwidth(kernels, buffers: buffers, byteCount: byteCount, pool: pool, seconds: seconds)
    }
    for cache in machine.caches {
      guard let share = machine.cacheShare(level: cache.level, workers: workers),
        share / 2 <= bytes, let rate = rate(share / 2)
      else { continue }
      levels.append(Level(level: cache.level, gigabytesPerSecond: rate))
    }
    memoryGigabytesPerSecond = total >= 2 * lastLevel ? rate(bytes) : nil
  }

  /// As ceilings of problems.
  var bandwidth: CrewBandwidth {
    CrewBandwidth(
      workers: workers,
      levels: Dictionary(
        levels.map { ($0.level, $0.gigabytesPerSecond) }, uniquingKeysWith: { first, _ in first }),
      memory: memoryGigabytesPerSecond)
  }

  private static func arithmetic(
    _ kernels: FastKernelSet, pool: WorkerPool, seconds: Double
  ) -> Double? {
    guard let probe = ArithmeticProbe(upTo: kernels.instructionSet, pool: pool) else { return nil }
    var best = 0.0
    var limit = TimeLimit(nanoseconds: seconds * 1e9, of: cs_monotonic_ns)
    repeat { best = max(best, probe.gigaflops()) } while !limit.isOver()
    return best
  }

  /// Bytes a nanosecond; the best of at least two passes after one that warms the caches.
  private static func bandwidth(
    _ kernels: FastKernelSet, buffers: [AlignedBuffer], byteCount: Int, pool: WorkerPool,
    seconds: Double
  ) -> Double? {
    let byteCount = byteCount & ~1023
    guard byteCount > 0 else { return nil }
    let passes = max(1, (4 << 20) / byteCount)
    var best = 0.0
    var reads = -1
    var limit = TimeLimit(nanoseconds: seconds * 1e9, of: cs_monotonic_ns)
    while reads < 2 || !limit.isOver() {
      let start = cs_monotonic_ns()
      pool.run { worker in
        for _ in 0..<passes { _ = kernels.readRoof(buffers[worker].base, byteCount) }
      }
      let elapsed = Double(max(1, ClockTime.elapsed(from: start, to: cs_monotonic_ns())))
      if reads >= 0 { best = max(best, Double(byteCount * passes * pool.workers) / elapsed) }
      reads += 1
    }
    return best
  }
}
