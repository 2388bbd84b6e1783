#if canImport(Glibc)
  import Glibc
#endif

/// Files that are either as they were or complete, whatever happens in between.
package enum AtomicFile {
  /// What went wrong, in words ("No space left on device").
  package struct Failure: Error, Equatable, CustomStringConvertible {
    package var reason: String
    package var description: String { reason }

    init(_ action: String, code: Int32 = errno) {
      reason = "\(action): \(SystemReason.words(code))"
    }

    /// Where the sentence around it says already what was tried.
    init(code: Int32) { reason = SystemReason.words(code) }

    package init(reason: String) { self.reason = reason }
  }

  /// Replaces the file by one with these bytes: a temporary file in the same folder, synced, renamed,
  /// and the folder synced. Devices and pipes are written straight through.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    let target = resolved(path)
    var status = stat()
    let exists = stat(target, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR { throw Failure(reason: "it is a folder") }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(target, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Failure("opening it") }
      defer { close(descriptor) }
      return try write(bytes, to: descriptor)
    }

    let (folder, name) = split(target)
    let temporary =
      "\(folder)/.\(String(UInt64.random(in: .min ... .max), radix: 36)).\(name).partial"
    do throws(Failure) {
      try create(temporary, bytes: bytes, mode: exists ? status.st_mode & 0o7777 : nil)
      guard rename(temporary, target) == 0 else { throw Failure("renaming the finished file") }
    } catch {
      unlink(temporary)
      throw error
    }
    // The content is safe by now; a folder that cannot be synced (some network file systems) only
    // means that the new name may be lost with the power.
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  private static func create(
    _ path: String, bytes: [UInt8], mode: mode_t?
  ) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure("creating a file in its folder") }
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    if let mode { fchmod(descriptor, mode) }
    try write(bytes, to: descriptor)
    guard fsync(descriptor) == 0 else { throw Failure("syncing it") }
    isOpen = false
    // Some file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw Failure("closing it") }
  }

  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure("writing it") }
      written += count
    }
  }

  /// The whole file, or `nil` where it has more than `limitBytes`.
  package static func read(_ path: String, limitBytes: Int) throws(Failure) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limitBytes {
      let count = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw Failure(code: errno) }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
    return nil
  }

  /// Where a symbolic link points, so that the link survives; the path itself where nothing is yet.
  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/." : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }
}
