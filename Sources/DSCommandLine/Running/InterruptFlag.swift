import DSCore
import Glibc
import Synchronization

/// Whether somebody asked the program to stop (SIGINT, SIGTERM, or SIGHUP of a terminal that goes away). Commands poll it
/// between steps, save what they have and return `ExitCode.interrupted`. A second SIGINT or SIGTERM ends the process at
/// once.
public enum InterruptFlag {
  /// All that a signal handler may touch: a lock-free number. SIGHUP does not count: the kernel, the shell and the session's
  /// keeper all send one where a terminal is closed, and nobody is impatient.
  private static let insistence = Atomic<Int>(0)

  /// Whether a signal has come since `install()`.
  public static var isRaised: Bool { Interruption.isRequested }

  /// Begins to catch the signals. Those the process was told to ignore (`nohup`, a background job of a
  /// script) stay ignored.
  public static func install() {
    // Initialises the statics before any handler can run: that step may take a lock.
    insistence.store(0, ordering: .relaxed)
    Interruption.reset()
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0,
        !isIgnored(action.__sigaction_handler.sa_handler)
      else { continue }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { number in InterruptFlag.take(number) }
      // Libraries need not expect that a call ends early; what waits for long looks at the flag.
      action.sa_flags = SA_RESTART
      sigaction(number, &action, nil)
    }
  }

  private static func take(_ number: Int32) {
    Interruption.request()
    if number == SIGHUP { return }
    if insistence.add(1, ordering: .relaxed).newValue > 1 { _exit(ExitCode.interrupted.rawValue) }
  }

  private static func isIgnored(_ handler: __sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
