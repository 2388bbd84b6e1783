/// A JSON value as it stands in the file (RFC 8259).
///
/// Integers and other numbers are told apart, so that a rewrite leaves `14` and `14.0` as they were.
/// Foundation's decoder cannot: it also keeps the last of two equal keys and gives no position.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// Written without fraction and exponent, and within `Int`.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Throws: `JSONError` with line and column of the first byte that is no strict JSON.
  public init(parsing text: some Sequence<UInt8>) throws(JSONError) {
    var reader = JSONReader(bytes: Array(text))
    self = try reader.document()
  }
}

extension JSONValue {
  /// The value as an integer, whichever way it was written; exact, within ±2⁵³ for `14.0`.
  public var exactInteger: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value) where value.magnitude <= 0x1p53: Int(exactly: value)
    default: nil
    }
  }

  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// For error messages: "1.5", "a string", "an array".
  var kindDescription: String {
    switch self {
    case .null, .bool, .integer, .number: text
    case .string(let value): value.utf8.count <= 40 ? "\"\(value)\"" : "a long string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
