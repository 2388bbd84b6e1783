import DSCommandLine
import DSCore
import Glibc

/// A file that will be written at the end of a long run.
public struct AtomicPath {
  public let path: String
  /// The flag that names another place.
  private let flag: String

  /// - Parameter flag: that names the file, or the one it is named after.
  public init(_ path: String, flag: String = "--output") {
    self.path = path
    self.flag = flag
  }

  /// Finds out before the work what would make it be lost after it, by trying. Devices and pipes are not read:
  /// they are written straight through.
  public func checkWritable() throws(CommandFailure) {
    do {
      try AtomicFile.rehearse(path)
    } catch {
      throw CommandFailure(
        .machineCannot, "\(path): cannot be written: \(error.reason)",
        hint: "choose another place with \(flag)")
    }
  }

  /// As `checkWritable`, and that nothing else is lost: the wrong file's name is easily given.
  ///
  /// - Parameters:
  ///   - kind: what is written, such as "schedule".
  ///   - isOne: whether the file at a path is such a thing, which may be replaced.
  public func checkReplaceable(
    kind: String, isOne: (String) -> Bool
  ) throws(CommandFailure) {
    try checkWritable()
    if holdsData && !isOne(path) {
      throw CommandFailure(
        .machineCannot, "\(path): is there and no \(kind) that this version could replace",
        hint: "choose another place with \(flag), or remove that file")
    }
  }

  /// Whether there is an ordinary file with something in it. Whatever else is there is not to be read back.
  public var holdsData: Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
  }

  /// Whether both name one file, be it there already or not.
  public func isSame(as other: AtomicPath) -> Bool { resolved == other.resolved }

  /// Whether it leads to where the command's data goes: /dev/stdout, or the file that the shell sent it to.
  public var isStandardOutput: Bool {
    var (own, output) = (stat(), stat())
    return stat(path, &own) == 0 && fstat(STDOUT_FILENO, &output) == 0
      && own.st_dev == output.st_dev && own.st_ino == output.st_ino
  }

  /// The file itself, where links lead to it; where there is none yet, its name in the resolved folder.
  private var resolved: String {
    if let real = FileTarget.realPath(path) { return real }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    return FileTarget.realPath(folder).map { "\($0)/\(name)" } ?? path
  }
}

extension Arguments {
  /// - Throws: `UsageError` where `--output` names a file that the command reads.
  public func expectOutputIsNoInput() throws(UsageError) {
    guard let output = string("output") else { return }
    for input in paths(besides: "output", and: ["model", "weights"])
    where AtomicPath(output).isSame(as: AtomicPath(input)) {
      throw usageError("\(output): --output would replace what is read")
    }
  }
}
