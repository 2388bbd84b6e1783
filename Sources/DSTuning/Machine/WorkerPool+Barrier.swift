import CSystem
import DSMeasurement
import DSRuntime

extension WorkerPool {
  /// What a barrier of all workers takes: the median of many runs, each of many barriers with nothing between them.
  /// 0 for one worker.
  public func barrierNanoseconds() -> Double {
    if workers == 1 { return 0 }
    let count = 200
    let nanoseconds = (0..<51).map { _ in
      let start = cs_monotonic_ns()
      run { [unowned self] _ in for _ in 0..<count { meet() } }
      return Double(cs_monotonic_ns() - start) / Double(count)
    }
    return SortedSample(nanoseconds)?.median ?? 0
  }
}
