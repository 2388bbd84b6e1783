import DSMeasurement
import DSSchedule

/// One cell of a table.
public enum ReportValue: Sendable, Equatable {
  case missing
  case text(String)
  case integer(Int)
  case number(Double)
  case flag(Bool)
  case texts([String])
  case numbers([Double])
  case integers([Int])
  /// Values by name, as kernel parameters are.
  case named([String: Int])
  /// Whatever else a record nests.
  case nested(JSONValue)

  public static func optional(_ value: Double?) -> ReportValue {
    value.map { .number($0) } ?? .missing
  }
  public static func optional(_ value: Int?) -> ReportValue {
    value.map { .integer($0) } ?? .missing
  }
  public static func count(_ value: UInt64?) -> ReportValue {
    optional(value.map { Int(clamping: $0) })
  }
  public static func optional(_ value: String?) -> ReportValue {
    value.map { .text($0) } ?? .missing
  }
  /// A number, or nothing where it is not known well enough.
  public static func unless(_ isUnknown: Bool, _ value: Double) -> ReportValue {
    isUnknown ? .missing : .number(value)
  }
  /// A figure of a ratio; nothing where there is none, or one that is too wide.
  public static func ratio(
    _ ratio: PairedRatio?, _ figure: (PairedRatio) -> Double
  ) -> ReportValue {
    ratio.map { .unless($0.isTooWide, figure($0)) } ?? .missing
  }
}

extension ReportValue {
  /// A number nobody knows (not finite) is null.
  var json: JSONValue {
    switch self {
    case .missing: .null
    case .text(let text): .string(text)
    case .integer(let integer): .integer(integer)
    case .number(let number): number.isFinite ? .number(number) : .null
    case .flag(let flag): .bool(flag)
    case .texts(let texts): .array(texts.map { .string($0) })
    case .numbers(let numbers): .array(numbers.map { ReportValue.number($0).json })
    case .integers(let integers): .array(integers.map { .integer($0) })
    case .named(let values): .object(values.mapValues { .integer($0) })
    case .nested(let value): value
    }
  }

  /// For formats without nested values: lists and names become JSON text, what is missing is `nil`.
  var flat: JSONValue? {
    switch json {
    case .null: nil
    case let nested where nested.isNested: .string(nested.text)
    case let plain: plain
    }
  }

  /// "rows:4,columns:14", for names.
  var label: String {
    switch self {
    case .named(let values):
      values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
    default: readable
    }
  }

  /// For people: four significant digits, nothing for what is missing.
  public var readable: String {
    switch self {
    case .missing: ""
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): ReadableNumber.text(number)
    case .flag(let flag): flag ? "yes" : "no"
    case .texts(let texts): texts.joined(separator: ", ")
    case .numbers(let numbers): numbers.map(ReadableNumber.text).joined(separator: " ")
    case .integers(let integers): integers.map(String.init).joined(separator: " ")
    case .named: label
    case .nested(let value): value.text
    }
  }
}

extension JSONValue {
  fileprivate var isNested: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }
}
