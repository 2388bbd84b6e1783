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

    init(_ failure: Descriptor.Failure) { reason = "\(failure)" }

    init(_ action: String, _ failure: Descriptor.Failure) { reason = "\(action): \(failure)" }

    package init(reason: String) { self.reason = reason }
  }

  /// Replaces the file by one with these bytes: a temporary file in the same folder, synced, renamed,
  /// and the folder synced. Devices and pipes are written straight through.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(Failure) {
    switch try FileTarget(path) {
    case .stream(let path):
      let descriptor = try openStream(path)
      defer { close(descriptor) }
      try write(bytes, to: descriptor)
    case .file(let target, let mode):
      let (folder, name) = FileName.split(target)
      let temporary = temporaryPath(for: name, in: folder)
      do throws(Failure) {
        try create(temporary, bytes: bytes, mode: mode)
        guard rename(temporary, target) == 0 else { throw Failure("renaming the finished file") }
      } catch {
        unlink(temporary)
        throw error
      }
      synchronize(folder: folder)
    }
  }

  /// Does what `replace` will do, as far as nothing is changed by it: finds out before the work what would make it be lost
  /// after it.
  package static func rehearse(_ path: String) throws(Failure) {
    switch try FileTarget(path) {
    case .stream(let path):
      guard access(path, W_OK) == 0 else { throw Failure("opening it") }
    case .file(let target, let mode):
      let (folder, name) = FileName.split(target)
      let temporary = temporaryPath(for: name, in: folder)
      defer { unlink(temporary) }
      try create(temporary, bytes: [], mode: mode)
    }
  }

  /// Short, whatever the name: one that a folder takes has a temporary one that it takes, too.
  private static func temporaryPath(for name: String, in folder: String) -> String {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    return "\(folder)/.\(random).\(FileName.beginning(of: name, bytes: 64)).partial"
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

  /// The content is safe by now; a folder that cannot be synced (some network file systems) only means that the new name
  /// may be lost with the power.
  private static func synchronize(folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Opens a pipe or a device; see `Descriptor.openStream`.
  package static func openStream(_ path: String) throws(Failure) -> Int32 {
    do {
      return try Descriptor.openStream(path)
    } catch {
      throw Failure("opening it", error)
    }
  }

  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    do {
      try Descriptor.write(bytes, to: descriptor)
    } catch {
      throw Failure("writing it", error)
    }
  }

  /// The whole file, or `nil` where it has more than `limitBytes`. Of a pipe, all until its writers have closed it.
  package static func read(_ path: String, limitBytes: Int) throws(Failure) -> [UInt8]? {
    // A pipe is opened at once, and waited for where that can be ended.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= limitBytes {
      let count: Int
      do {
        count = try Descriptor.read(into: &chunk, from: descriptor)
      } catch {
        throw Failure(error)
      }
      if count == 0 { return bytes }
      bytes += chunk[..<count]
    }
    return nil
  }
}
