/// Text that is no JSON, with the place of the first fault.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  public var line: Int
  public var column: Int
  public var reason: String
  /// The text ended too early; it was probably cut off.
  public var isTruncation: Bool

  public init(line: Int, column: Int, reason: String, isTruncation: Bool) {
    self.line = line
    self.column = column
    self.reason = reason
    self.isTruncation = isTruncation
  }

  public var description: String { "line \(line), column \(column): \(reason)" }
}
