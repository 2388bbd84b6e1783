import Foundation

/// A child of this process with nothing but the thread that asked for it, as `fork` makes them.
package enum ForkedChild {
  /// Runs `body` in a child, which ends with the exit code it gives.
  ///
  /// - Returns: That code; `nil` where the child was ended by a signal, or did not end in `timeout` and was killed.
  package static func exitCode(
    timeout: Duration = .seconds(60), _ body: () -> Int32
  ) -> Int32? {
    // Swift does not show it, as little of Foundation works after it.
    typealias Fork = @convention(c) () -> pid_t
    guard let symbol = dlsym(nil, "fork") else { return nil }
    let process = unsafeBitCast(symbol, to: Fork.self)()
    if process == 0 { _exit(body()) }
    guard process > 0 else { return nil }
    let deadline = ContinuousClock.now + timeout
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        return nil
      }
      usleep(2000)
    }
    return status & 0x7f == 0 ? status >> 8 & 0xff : nil
  }
}
