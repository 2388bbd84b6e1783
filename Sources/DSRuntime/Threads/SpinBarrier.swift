/// A barrier for a fixed number of threads: the last to arrive lets all go.
///
/// - Source: Mellor-Crummey and Scott, "Algorithms for Scalable Synchronization on Shared-Memory
///   Multiprocessors", ACM TOCS 9(1), 1991, doi:10.1145/103727.103729 (central barrier; its
///   reversed sense is a generation count here).
final class SpinBarrier: Sendable {
  private let parties: UInt32
  private let arrived = SharedWord()
  private let generation = SharedWord()

  init(parties: Int) { self.parties = UInt32(parties) }

  /// As it was in the beginning, in a child of `fork`.
  func restart() {
    arrived.restart()
    generation.restart()
  }

  func wait(spinNanoseconds: UInt64) {
    let current = generation.load()
    if arrived.increment() == parties - 1 {
      arrived.reset()
      generation.advance()
    } else {
      generation.wait(while: current, spinNanoseconds: spinNanoseconds)
    }
  }
}
