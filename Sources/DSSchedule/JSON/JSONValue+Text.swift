extension JSONValue: CustomStringConvertible {
  public var description: String { text }

  /// One line, keys sorted, numbers in their shortest form.
  public var text: String {
    var result = ""
    append(to: &result)
    return result
  }

  /// Several lines, keys sorted; what fits into `width` columns stays on one line.
  public func prettyText(width: Int = 100) -> String {
    var result = ""
    appendPretty(to: &result, indent: 0, column: 0, width: width)
    return result + "\n"
  }

  private func append(to result: inout String) {
    switch self {
    case .null: result += "null"
    case .bool(let value): result += value ? "true" : "false"
    case .integer(let value): result += String(value)
    // JSON has no infinity: a value nobody knows is null.
    case .number(let value): result += value.isFinite ? value.description : "null"
    case .string(let value): result += Self.quoted(value)
    case .array(let elements):
      result += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { result += ", " }
        element.append(to: &result)
      }
      result += "]"
    case .object(let members):
      result += "{"
      for (index, key) in members.keys.sorted().enumerated() {
        if index > 0 { result += ", " }
        result += Self.quoted(key) + ": "
        members[key]?.append(to: &result)
      }
      result += "}"
    }
  }

  private func appendPretty(to result: inout String, indent: Int, column: Int, width: Int) {
    let line = text
    let isSmall = column + line.utf8.count + 1 <= width
    switch self {
    case .array(let elements) where !isSmall:
      let rows = elements.map { (prefix: "", value: $0) }
      Self.appendLines(rows, open: "[", close: "]", to: &result, indent: indent, width: width)
    case .object(let members) where !isSmall:
      let rows = members.sorted { $0.key < $1.key }
        .map { (prefix: Self.quoted($0.key) + ": ", value: $0.value) }
      Self.appendLines(rows, open: "{", close: "}", to: &result, indent: indent, width: width)
    default: result += line
    }
  }

  private static func appendLines(
    _ rows: [(prefix: String, value: JSONValue)], open: String, close: String,
    to result: inout String, indent: Int, width: Int
  ) {
    let margin = String(repeating: " ", count: indent + 2)
    result += open
    for (index, row) in rows.enumerated() {
      result += (index > 0 ? ",\n" : "\n") + margin + row.prefix
      row.value.appendPretty(
        to: &result, indent: indent + 2, column: indent + 2 + row.prefix.utf8.count, width: width)
    }
    result += "\n" + String(repeating: " ", count: indent) + close
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
