import Glibc

/// Why output did not arrive.
public enum OutputFailure: Error, Equatable, CustomStringConvertible {
  /// The reader has gone (`| head`), which is no fault.
  case readerGone
  /// A signal came while the reader kept it waiting.
  case interrupted
  case unwritable(errorNumber: Int32)

  public var description: String {
    switch self {
    case .readerGone: "the reader of the output has gone"
    case .interrupted: "interrupted while waiting for the reader of the output"
    case .unwritable(let number): "cannot write the output: \(String(cString: strerror(number)))"
    }
  }
}
