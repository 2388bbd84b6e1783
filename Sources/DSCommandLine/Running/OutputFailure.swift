import Glibc

/// Why output did not arrive.
public enum OutputFailure: Error, Equatable, CustomStringConvertible {
  /// The reader has gone (`| head`), which is no fault.
  case readerGone
  case unwritable(errorNumber: Int32)

  public var description: String {
    switch self {
    case .readerGone: "the reader of the output has gone"
    case .unwritable(let number): "cannot write the output: \(String(cString: strerror(number)))"
    }
  }
}
