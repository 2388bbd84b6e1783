#if canImport(Glibc)
  import Glibc
#endif

/// A whole file in memory, read-only, its pages loaded by the system as they are touched.
///
/// The bytes stay valid as long as the object lives. A file that another process truncates meanwhile
/// raises SIGBUS on access, as with every mapping; whoever replaces files by renaming is safe.
package final class MappedFile: @unchecked Sendable {
  package let path: String
  package let bytes: UnsafeRawBufferPointer

  package init(path: String) throws(FileError) {
    self.path = path
    // Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .failed(path: path, action: "opened", code: errno) }
    defer { close(descriptor) }

    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw .failed(path: path, action: "examined", code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .directory(path: path)
    default: throw .noRegularFile(path: path)
    }

    let byteCount = Int(status.st_size)
    guard byteCount > 0 else {  // The system refuses empty mappings.
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      if errno == ENOMEM { throw .outOfMemory(path: path, byteCount: byteCount) }
      throw .failed(path: path, action: "mapped into memory", code: errno)
    }
    bytes = UnsafeRawBufferPointer(start: address, count: byteCount)
  }

  deinit {
    if let address = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}
