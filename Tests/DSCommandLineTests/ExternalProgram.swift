import Glibc

/// A program of this machine, run with its two outputs together.
struct ExternalProgram {
  struct CannotStart: Error {}

  let path: String

  /// `nil` where no folder of `PATH` has it.
  init?(_ name: String) {
    let folders = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
    let candidates: [String] = folders.split(separator: ":").map { "\($0)/\(name)" }
    guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else { return nil }
    path = found
  }

  func run(_ words: [String]) throws -> (status: Int32, output: String) {
    let file = try TemporaryFile()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, file.descriptor, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, file.descriptor, STDERR_FILENO)
    let arguments = ([path] + words).map { strdup($0) }
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    guard posix_spawn(&process, path, &actions, nil, arguments + [nil], environ) == 0 else {
      throw CannotStart()
    }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return (status, file.text)
  }
}
