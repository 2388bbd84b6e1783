#if canImport(Glibc)
  import Glibc
#endif

/// What a path that is to be written leads to.
package enum FileTarget: Equatable {
  /// A file, there already with a mode or not, which is replaced as a whole.
  case file(path: String, mode: mode_t?)
  /// A pipe or a device, or a file without a name: written straight through, and never read.
  case stream(path: String)

  /// Follows links, so that they survive.
  package init(_ path: String) throws(AtomicFile.Failure) {
    if path.isEmpty || path.hasSuffix("/") { throw .init(reason: "it names no file") }
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .init("looking for it") }
      self = .file(path: Self.linkEnd(path), mode: nil)
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      // A file that is open and has no name any more: /dev/stdout then must not be replaced itself.
      let real = Self.realPath(path)
      self =
        real.map { .file(path: $0, mode: status.st_mode & 0o7777) } ?? .stream(path: path)
    case S_IFIFO, S_IFCHR: self = .stream(path: path)
    case S_IFDIR: throw .init(reason: "it is a folder")
    case S_IFBLK: throw .init(reason: "it is a disk")
    default: throw .init(reason: "it is a socket")
    }
  }

  /// Whether there is an ordinary file. Nothing else may be read before it is written: a pipe would wait for itself.
  package static func isRegularFile(_ path: String) -> Bool { kind(path) == S_IFREG }

  static func isPipe(_ path: String) -> Bool { kind(path) == S_IFIFO }

  static func isNamedPipe(_ path: String) -> Bool { isPipe(path) && realPath(path) != nil }

  /// `nil` where the path leads nowhere, or to something without a name.
  package static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// Where links lead whose last one leads nowhere yet; the path itself where it is no link. Without /proc, /dev/stdout is one:
  /// replaced itself, it would be an ordinary file for everybody.
  private static func linkEnd(_ path: String) -> String {
    var path = path
    // The system follows no more.
    for _ in 0..<40 {
      guard let next = link(at: path) else { return path }
      path = next.hasPrefix("/") ? next : FileName.split(path).folder + "/" + next
    }
    return path
  }

  private static func link(at path: String) -> String? {
    var name = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &name, name.count)
    return count > 0
      ? String(decoding: name[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
  }

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }
}
