/// Why a file could not be read or written.
public enum FileError: Error, Hashable, Sendable {
  /// A call failed; `action` completes "cannot be …", `code` is the system's error number.
  case failed(path: String, action: String, code: Int32)
  case directory(path: String)
  /// A pipe, a socket or a device where a file with a length is needed.
  case noRegularFile(path: String)
  /// Its content, or what is made of it, takes more memory than there is.
  case outOfMemory(path: String, byteCount: Int)
}

extension FileError: MemoryError {
  package var memoryShortage: MemoryShortage? {
    if case .outOfMemory(_, let byteCount) = self { .init(byteCount: byteCount) } else { nil }
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .failed(let path, let action, let code):
      "\(path): cannot be \(action): \(SystemReason.words(code))"
    case .directory(let path):
      "\(path): is a directory; name a file in it"
    case .noRegularFile(let path):
      "\(path): is a pipe or a device; save it to a file first"
    case .outOfMemory(let path, let byteCount):
      "\(path): \(MemoryShortage(byteCount: byteCount))"
    }
  }
}
