#if canImport(Glibc)
  import Glibc
#endif

/// Opens, reads and writes where somebody at the other end may be slow or missing. Every wait ends when the process is
/// asked to stop.
package enum Descriptor {
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// The system's error number.
    case system(code: Int32)
    /// The process was asked to stop while it waited.
    case interrupted

    package var description: String {
      switch self {
      case .system(let code): SystemReason.words(code)
      case .interrupted: "interrupted while waiting for the other end"
      }
    }
  }

  /// A signal may come just before a wait begins: no wait is longer than this without a look.
  private static let waitMilliseconds: Int32 = 50

  /// Opens a pipe or a device to write; waits for a pipe's reader. The descriptor does not block.
  package static func openStream(_ path: String) throws(Failure) -> Int32 {
    let watch = Interruption.Watch()
    while true {
      let descriptor = open(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
      if descriptor >= 0 { return descriptor }
      switch errno {
      case EINTR: break
      case ENXIO where FileTarget.isNamedPipe(path): usleep(20_000)
      // Of a pipe without a name (/dev/stdout, /dev/fd/63) the reader has gone, and none will come.
      case ENXIO where FileTarget.isPipe(path): throw .system(code: EPIPE)
      default: throw .system(code: errno)
      }
      if watch.endsWait() { throw .interrupted }
    }
  }

  /// Writes all of it.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    let watch = Interruption.Watch()
    let isFile = isRegularFile(descriptor)
    var written = 0
    while written < bytes.count {
      if !isFile { try wait(for: POLLOUT, on: descriptor, watch) }
      // So much goes into a pipe that has room without a further wait, also where the descriptor blocks.
      let part = isFile ? bytes.count - written : min(bytes.count - written, Int(PIPE_BUF))
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, part)
      }
      if count > 0 {
        written += count
      } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
        throw .system(code: count == 0 ? EIO : errno)
      }
    }
  }

  /// Reads as many bytes as there are, and fit; 0 at the end.
  package static func read(
    into bytes: inout [UInt8], from descriptor: Int32
  ) throws(Failure) -> Int {
    let watch = Interruption.Watch()
    let isFile = isRegularFile(descriptor)
    while true {
      if !isFile { try wait(for: POLLIN, on: descriptor, watch) }
      let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 { return count }
      guard errno == EINTR || errno == EAGAIN else { throw .system(code: errno) }
    }
  }

  /// Returns when the descriptor is ready, or is in a state of which reading or writing knows more.
  private static func wait(
    for events: Int32, on descriptor: Int32, _ watch: Interruption.Watch
  ) throws(Failure) {
    // `poll` leaves out what is no descriptor, and would wait for ever.
    if descriptor < 0 { return }
    while true {
      var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let ready = poll(&request, 1, waitMilliseconds)
      if ready > 0 || (ready < 0 && errno != EINTR) { return }
      if watch.endsWait() { throw .interrupted }
    }
  }

  private static func isRegularFile(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
