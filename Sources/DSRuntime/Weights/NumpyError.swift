import DSCore

/// Why an `.npy` file could not be read or written.
public enum NumpyError: Error, Hashable, Sendable {
  case file(FileError)
  case malformed(path: String, reason: String)
  case unwritable(path: String, reason: String)
}

extension NumpyError: MemoryError {
  package var memoryShortage: MemoryShortage? {
    if case .file(let error) = self { error.memoryShortage } else { nil }
  }
}

extension NumpyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): error.description
    case .malformed(let path, let reason): "\(path): is no usable .npy file: \(reason)"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
