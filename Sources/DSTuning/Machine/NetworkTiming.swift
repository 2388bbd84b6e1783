import CSystem
import DSCore
import DSMeasurement
import DSRuntime

/// Latencies of whole inferences and of their steps, sampled for a while on bound threads.
public struct NetworkTiming: Sendable {
  /// Of plain inferences, in the order they ran; the first ones, before the caches are warm, left out.
  public private(set) var runMicroseconds: [Double] = []
  /// The very first inference.
  public let firstMicroseconds: Double
  /// Mean time of each step, barriers included, in the middle half of the profiled inferences: those that are
  /// neither among the fastest nor among the slowest quarter. Means add up to the inference; the medians of steps
  /// are short of it, as every step is slowed in other inferences (MobileNet v2: 96 %).
  public let stepMicroseconds: [Double]
  /// Median time of the profiled inferences themselves.
  public let profiledMicroseconds: Double
  /// What all workers reach by multiply-adds alone: the median of probes between the inferences, which had the same clock and
  /// the same neighbours; `nil` where nobody probed.
  public let peakGigaflops: Double?
  /// What happened during the plain inferences, all of them together; `nil` where nobody counted.
  public let counts: EventCounts?

  /// - Parameters:
  ///   - counters: read around the plain inferences.
  ///   - probe: of the session's threads, run after every few inferences.
  ///   - shouldStop: asked between inferences; a few of each kind are timed all the same.
  public init(
    _ session: Session, image: [Float], seconds: Double, counters: PerformanceCounters? = nil,
    probe: ArithmeticProbe? = nil, shouldStop: () -> Bool = { false }
  ) {
    var plain: [Double] = []
    var profiled: [(total: UInt64, steps: [UInt64])] = []
    var first = 0.0
    var counts = counters.map { _ in EventCounts.zero }
    var peaks: [Double] = []
    image.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      first = Double(session.timedRun(base)) / 1000
      var warmUp = TimeLimit(nanoseconds: seconds * 0.15e9, of: cs_monotonic_ns)
      while !warmUp.isOver() && !shouldStop() { _ = session.timedRun(base) }
      var limit = TimeLimit(nanoseconds: seconds * 1e9, of: cs_monotonic_ns)
      repeat {
        let before = counters?.read()
        for _ in 0..<4 { plain.append(Double(session.timedRun(base)) / 1000) }
        if let counters, let before, let sum = counts { counts = sum + (counters.read() - before) }
        profiled.append(session.profiledRun(base))
        if let probe { peaks.append(probe.gigaflops()) }
      } while !limit.isOver() && !shouldStop()
    }
    firstMicroseconds = first
    runMicroseconds = plain
    peakGigaflops = peaks.isEmpty ? nil : Self.median(peaks)
    self.counts = counts
    let steps = session.plan.steps.count
    let middle = Self.middleHalf(profiled) { $0.total }
    stepMicroseconds = (0..<steps).map { step in
      middle.reduce(0) { $0 + Double($1.steps[step]) } / Double(middle.count) / 1000
    }
    profiledMicroseconds = Self.median(profiled.map { Double($0.total) / 1000 })
  }

  /// Without the smallest and the largest quarter; of fewer than four, all.
  private static func middleHalf<Value>(
    _ values: [Value], by key: (Value) -> UInt64
  ) -> ArraySlice<Value> {
    let quarter = values.count / 4
    return values.sorted { key($0) < key($1) }[quarter..<(values.count - quarter)]
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
