import CSystem
import DSMeasurement
import DSRuntime

extension WorkerPool {
  /// What a barrier of all workers takes: the median of many runs, each of many barriers with nothing between them.
  /// 0 for one worker.
  public func barrierNanoseconds() -> Double {
    if workers == 1 { return 0 }
    let count = 200
    var nanoseconds: [Double] = []
    let begin = cs_monotonic_ns()
    // Where other programs have the cores, a barrier takes as long as they are given.
    while nanoseconds.count < 51 && (nanoseconds.isEmpty || cs_monotonic_ns() - begin < 20_000_000)
    {
      let start = cs_monotonic_ns()
      run { [unowned self] _ in for _ in 0..<count { meet() } }
      nanoseconds.append(Double(cs_monotonic_ns() - start) / Double(count))
    }
    return SortedSample(nanoseconds)?.median ?? 0
  }
}
