/// How many steps each worker has done since the beginning of time, for the others to wait on.
final class StepCounts: Sendable {
  private let counts: [SharedWord]

  init(workers: Int) { counts = (0..<workers).map { _ in SharedWord() } }

  /// As they were in the beginning, in a child of `fork`.
  func restart() { for count in counts { count.restart() } }

  /// Of a worker itself; all workers' are the same between two inferences.
  @inline(__always)
  func done(by worker: Int) -> UInt32 { counts[worker].load() }

  /// What this worker has written until now is there for whoever waits.
  @inline(__always)
  func advance(_ worker: Int) { counts[worker].advance() }

  /// Returns once `worker` has done `target` steps (modulo 2³²).
  @inline(__always)
  func wait(for worker: Int, toReach target: UInt32) {
    counts[worker].wait(until: target, spinNanoseconds: WorkerPool.longestSpinNanoseconds)
  }
}
