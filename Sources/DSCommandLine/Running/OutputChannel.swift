import Glibc

/// Buffered bytes on their way to a file descriptor, with every error seen.
final class OutputChannel {
  private static let bufferBytes = 1 << 16

  private let descriptor: Int32
  /// Whether somebody watches, so that each write must arrive at once.
  private let isInteractive: Bool
  private var buffer: [UInt8] = []

  init(descriptor: Int32, isInteractive: Bool) {
    self.descriptor = descriptor
    self.isInteractive = isInteractive
  }

  func write(_ text: String) throws(OutputFailure) {
    buffer.append(contentsOf: text.utf8)
    if isInteractive || buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Hands everything to the system. What could not be written is dropped and not tried again.
  func flush() throws(OutputFailure) {
    let pending = buffer
    buffer.removeAll(keepingCapacity: true)
    var start = 0
    while start < pending.count {
      let written = pending.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      }
      if written > 0 {
        start += written
      } else {
        try waitUntilWritable(after: errno)
      }
    }
  }

  /// Returns where writing may be tried again, and throws where it may not.
  private func waitUntilWritable(after errorNumber: Int32) throws(OutputFailure) {
    switch errorNumber {
    case EINTR: return
    case EAGAIN:
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&request, 1, -1)
    case EPIPE: throw .readerGone
    default: throw .unwritable(errorNumber: errorNumber)
    }
  }
}
