import CSystem
import DSCore
import DSMeasurement
import DSRuntime

extension WorkerPool {
  /// What a barrier of all workers takes: the median of many runs, each of many barriers with nothing between them.
  /// 0 for one worker.
  public func barrierNanoseconds() -> Double {
    if workers == 1 { return 0 }
    let count = 200
    var nanoseconds: [Double] = []
    var limit = TimeLimit(nanoseconds: 20e6, of: cs_monotonic_ns)
    // Where other programs have the cores, a barrier takes as long as they are given.
    while nanoseconds.count < 51 && (nanoseconds.isEmpty || !limit.isOver()) {
      let start = cs_monotonic_ns()
      run { [unowned self] _ in for _ in 0..<count { meet() } }
      let elapsed = ClockTime.elapsed(from: start, to: cs_monotonic_ns())
      nanoseconds.append(Double(elapsed) / Double(count))
    }
    return SortedSample(nanoseconds)?.median ?? 0
  }
}
