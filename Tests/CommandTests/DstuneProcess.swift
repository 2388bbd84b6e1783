import Foundation

/// A `dstune` that is still running, for tests that end it.
final class DstuneProcess {
  private let process: pid_t
  private var status: Int32?

  init(_ arguments: [String]) throws {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "dstune").path
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    // Threads that run tests block signals, and a child would inherit that.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ([path] + arguments).map { strdup($0) }
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, path, &actions, &attributes, words + [nil], environ)
    guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
    self.process = process
  }

  /// Waits until the file has so many lines, or the process has ended.
  func wait(forLines count: Int, in path: String) {
    while !hasEnded {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      if text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) >= count { return }
      usleep(2000)
    }
  }

  /// Waits until it catches signals and sleeps for good, or has ended.
  func waitUntilAsleep() {
    var looks = 0
    while !hasEnded && looks < 20 {
      usleep(5000)
      let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
      let lines = status.split(separator: "\n")
      let caught = lines.first { $0.hasPrefix("SigCgt:") }?.split(separator: "\t").last
      let catches = caught.flatMap { UInt64($0, radix: 16) }.map { $0 & 1 << (SIGINT - 1) != 0 }
      let sleeps = lines.first { $0.hasPrefix("State:") }?.contains("S (") == true
      looks = catches == true && sleeps ? looks + 1 : 0
    }
  }

  private var hasEnded: Bool {
    var status: Int32 = 0
    if self.status == nil, waitpid(process, &status, WNOHANG) == process { self.status = status }
    return self.status != nil
  }

  /// Sends a signal and waits for the end.
  ///
  /// - Returns: the exit code, or minus the signal that ended it.
  func end(with signal: Int32) -> Int32 {
    if !hasEnded { kill(process, signal) }
    while !hasEnded { usleep(2000) }
    let status = status ?? 0
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }
}
