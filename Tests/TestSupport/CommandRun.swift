import Foundation

/// One run of a program of this package, as a shell would start it.
package struct CommandRun: Sendable {
  package let exitCode: Int32
  /// The signal that ended it, where it did not end itself.
  package let signal: Int32?
  /// Standard output.
  package let output: String
  /// Standard error.
  package let talk: String

  /// Runs `program` with `arguments` to its end; one that takes longer than `timeout` is killed.
  ///
  /// - Parameters:
  ///   - environment: added to one that holds nothing but `PATH` and a UTF-8 locale.
  ///   - device: takes standard output, which then is not kept: "/dev/full".
  ///   - limits: what a shell runs before it: "ulimit -v 1000000".
  package init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    device: String? = nil, limits: String? = nil, timeout: Duration = .seconds(120)
  ) throws {
    try self.init(
      path: Self.path(of: program), arguments, environment: environment, device: device,
      limits: limits, timeout: timeout)
  }

  /// The same for a program of the system.
  package init(
    path: String, _ arguments: [String], environment: [String: String] = [:],
    device: String? = nil, limits: String? = nil, timeout: Duration = .seconds(120)
  ) throws {
    let variables = ["PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"].merging(Sanitizer.options) { $1 }
      .merging(environment) { $1 }
    let words = limits.map { ["-c", "\($0) && exec \"$0\" \"$@\"", path] + arguments }
    (output, talk, exitCode, signal) = try Fixtures.withTemporaryFolder { folder in
      let files = [device ?? folder + "/output", folder + "/talk"]
      let process = try Self.start(
        words == nil ? path : "/bin/sh", words ?? arguments, variables.map { "\($0)=\($1)" },
        output: files[0], talk: files[1])
      let status = try Self.wait(for: process, timeout: timeout)
      let texts = try files.map { file in
        file == device
          ? "" : String(decoding: try Data(contentsOf: URL(filePath: file)), as: UTF8.self)
      }
      // As <sys/wait.h> reads the status; its macros are not visible here.
      let signal = status & 0x7f
      return (texts[0], texts[1], status >> 8 & 0xff, signal == 0 ? nil : signal)
    }
  }

  /// Programs are built into the folder that the tests run from.
  package static func path(of program: String) throws -> String {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = URL(filePath: tests).deletingLastPathComponent().appending(path: program).path
    guard access(path, X_OK) == 0 else { throw Failure.notBuilt(path) }
    return path
  }

  private static func start(
    _ path: String, _ arguments: [String], _ environment: [String], output: String, talk: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    for (descriptor, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, talk)] {
      posix_spawn_file_actions_addopen(&actions, descriptor, file, O_WRONLY | O_CREAT, 0o600)
    }
    let words = ([path] + arguments).map { strdup($0) }
    let variables = environment.map { strdup($0) }
    defer { (words + variables).forEach { free($0) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, path, &actions, nil, words + [nil], variables + [nil])
    guard error == 0 else { throw Failure.notStarted(path, String(cString: strerror(error))) }
    return process
  }

  private static func wait(for process: pid_t, timeout: Duration) throws -> Int32 {
    let deadline = ContinuousClock.now + timeout
    var status: Int32 = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      if ContinuousClock.now > deadline {
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
        throw Failure.tookTooLong(timeout)
      }
      usleep(2000)
    }
    return status
  }

  enum Failure: Error, CustomStringConvertible {
    case notBuilt(String)
    case notStarted(String, String)
    case tookTooLong(Duration)

    var description: String {
      switch self {
      case .notBuilt(let path): "\(path) is missing; build the whole package before its tests"
      case .notStarted(let path, let reason): "\(path) cannot be started: \(reason)"
      case .tookTooLong(let timeout): "no end after \(timeout)"
      }
    }
  }
}
