#if canImport(Glibc)
  import Glibc
#endif

/// Writes files that are either the old or the new one at any moment, never half of one.
package enum ReplacedFile {
  /// Writes beside `path`, syncs and renames; a full disk leaves the old file as it was.
  /// Pipes and devices (`/dev/stdout`) are written directly.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR else { throw .directory(path: path) }
      return try write(bytes, through: path, flags: O_WRONLY, path: path)
    }

    let partial = "\(path).\(getpid()).partial"
    do throws(FileError) {
      try write(bytes, through: partial, flags: O_WRONLY | O_CREAT | O_TRUNC, path: path)
      guard rename(partial, path) == 0 else {
        throw .failed(path: path, action: "replaced", code: errno)
      }
    } catch {
      unlink(partial)
      throw error
    }
  }

  private static func write(
    _ bytes: [UInt8], through target: String, flags: Int32, path: String
  ) throws(FileError) {
    let descriptor = open(target, flags | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .failed(path: path, action: "opened", code: errno) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .failed(path: path, action: "written", code: errno) }
      written += count
    }
    // Pipes and terminals cannot be synced, which is no failure.
    if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
      throw .failed(path: path, action: "written", code: errno)
    }
  }
}
