import Glibc
import Synchronization

/// Whether somebody asked the program to stop (SIGINT or SIGTERM). Commands poll it between steps,
/// save what they have and return `ExitCode.interrupted`; a second signal ends the process at once.
public enum InterruptFlag {
  /// All that a signal handler may touch: a lock-free number.
  private static let signalCount = Atomic<Int>(0)

  /// Whether a signal has come since `install()`.
  public static var isRaised: Bool { signalCount.load(ordering: .relaxed) > 0 }

  /// Begins to catch SIGINT and SIGTERM. Signals the process was told to ignore (`nohup`, a
  /// background job of a script) stay ignored.
  public static func install() {
    // Initialises the static before any handler can run: that step may take a lock.
    signalCount.store(0, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0,
        !isIgnored(action.__sigaction_handler.sa_handler)
      else { continue }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in
        if InterruptFlag.raise() > 1 { _exit(ExitCode.interrupted.rawValue) }
      }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  /// Counts one signal and returns how many there have been.
  private static func raise() -> Int {
    signalCount.add(1, ordering: .relaxed).newValue
  }

  private static func isIgnored(_ handler: __sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
