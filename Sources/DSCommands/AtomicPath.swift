import DSCommandLine
import Glibc

/// A file that will be written at the end of a long run.
public struct AtomicPath {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Finds out before the work what would make it be lost after it. Devices and pipes are not looked at:
  /// they are written straight through.
  public func checkWritable() throws(CommandFailure) {
    let target = resolved
    var status = stat()
    if stat(target, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        throw CommandFailure(.machineCannot, "\(path): is a folder; name a file with --output")
      case S_IFREG: break
      default: return
      }
    }
    let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
    if access(folder, W_OK) != 0 {
      throw CommandFailure(
        .machineCannot,
        "\(path): cannot be written: \(String(cString: strerror(errno)))",
        hint: "choose another place with --output")
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
    var status = stat()
    let isFilled =
      stat(resolved, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
    if isFilled && !isOne(path) {
      throw CommandFailure(
        .machineCannot, "\(path): is there and no \(kind) that this version could replace",
        hint: "choose another place with --output, or remove that file")
    }
  }

  /// Whether both name one file, be it there already or not.
  public func isSame(as other: AtomicPath) -> Bool { resolved == other.resolved }

  /// The file itself, where links lead to it; where there is none yet, its name in the resolved folder.
  private var resolved: String {
    if let real = Self.real(path) { return real }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
    return Self.real(folder).map { "\($0)/\(name)" } ?? path
  }

  private static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
