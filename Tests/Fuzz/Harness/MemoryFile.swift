import CFuzzer
import Glibc

/// A file in memory, for readers that take a path; its bytes are replaced for every input.
package final class MemoryFile: @unchecked Sendable {
  package let path: String
  private let descriptor: Int32

  package init() {
    descriptor = cf_memory_file()
    guard descriptor >= 0 else { preconditionFailure("no file in memory: errno \(errno)") }
    path = "/proc/self/fd/\(descriptor)"
  }

  package func hold(_ bytes: UnsafeRawBufferPointer) {
    guard ftruncate(descriptor, off_t(bytes.count)) == 0,
      pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
    else { preconditionFailure("a file in memory refuses \(bytes.count) bytes: errno \(errno)") }
  }
}
