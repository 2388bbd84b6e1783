import Synchronization

/// Whether somebody asked this process to stop. Whoever catches the signals says so here; whatever waits looks here.
package enum Interruption {
  private static let isRaised = Atomic<Bool>(false)
  private static let didEndWait = Atomic<Bool>(false)

  package static var isRequested: Bool { isRaised.load(ordering: .relaxed) }

  /// Whether something was given up that waited when the request came: it is not done, whatever error says so.
  package static var hasEndedWait: Bool { didEndWait.load(ordering: .relaxed) }

  /// Lock-free, for a signal handler; after `reset()` was called once, which makes the static memory ready.
  package static func request() { isRaised.store(true, ordering: .relaxed) }

  package static func reset() {
    isRaised.store(false, ordering: .relaxed)
    didEndWait.store(false, ordering: .relaxed)
  }

  /// Ends the waits of one read or write once a request comes. What begins after the request, such as saving what there
  /// is, waits as long as it takes.
  struct Watch {
    private let wasRequested = Interruption.isRequested

    /// Whether to give up now.
    func endsWait() -> Bool {
      if wasRequested || !Interruption.isRequested { return false }
      Interruption.didEndWait.store(true, ordering: .relaxed)
      return true
    }
  }
}
