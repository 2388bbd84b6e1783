import CSystem
import Glibc
import Synchronization

/// Notices a `fork`. A child has none of its parent's threads but the one that called, and whatever the others held or counted
/// at that moment stays as it was: somebody must make it anew, and only once.
///
/// Nothing but a load and a comparison where there was no fork. What calls `clone` itself, and not libc's `fork`, is not seen.
final class ForkGuard: Sendable {
  /// Twice the number of forks that were seen, and one more while somebody renews.
  private let state = Atomic(UInt64(cs_forks()) << 1)

  /// Whether this is the process that made, or has renewed, what is guarded.
  @inline(__always)
  var isCurrent: Bool { state.load(ordering: .acquiring) == UInt64(cs_forks()) << 1 }

  /// Runs `renewal` if there was a fork since the last time; of several threads one does, and the others wait for it.
  ///
  /// - Throws: what `renewal` does; the next call tries again.
  @inline(__always)
  func renew<Failure: Error>(_ renewal: () throws(Failure) -> Void) throws(Failure) {
    if !isCurrent { try renewOnce(renewal) }
  }

  private func renewOnce<Failure: Error>(_ renewal: () throws(Failure) -> Void) throws(Failure) {
    let own = UInt64(cs_forks()) << 1
    while true {
      let seen = state.load(ordering: .acquiring)
      if seen == own { return }
      if seen == own | 1 {
        sched_yield()
        continue
      }
      let isOurs = state.compareExchange(
        expected: seen, desired: own | 1, ordering: .acquiringAndReleasing
      ).exchanged
      guard isOurs else { continue }
      do {
        try renewal()
      } catch {
        state.store(seen, ordering: .releasing)
        throw error
      }
      state.store(own, ordering: .releasing)
      return
    }
  }
}
