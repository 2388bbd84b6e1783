import DSCore
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
    do {
      try Descriptor.write(pending, to: descriptor)
    } catch {
      throw failure(error)
    }
  }

  private func failure(_ failure: Descriptor.Failure) -> OutputFailure {
    switch failure {
    case .interrupted: .interrupted
    case .system(EPIPE): .readerGone
    // What a terminal says that was closed.
    case .system(EIO) where isInteractive: .readerGone
    case .system(let code): .unwritable(errorNumber: code)
    }
  }
}
