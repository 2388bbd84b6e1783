import DSSchedule

/// Comma-separated values after RFC 4180: a header, lines that end in CR LF, quotes where needed.
/// Lists are JSON in a field; what is missing is an empty field.
enum CSVFormat {
  static func text(_ table: ResultTable) -> String {
    let header = table.completeColumns.map { field($0.name) }
    let rows = table.completeRows.map { row in row.map { field(plain($0)) } }
    return ([header] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func plain(_ value: ReportValue) -> String {
    switch value.flat {
    case nil: ""
    case .string(let text)?: text
    case let other?: other.text
    }
  }

  /// Works on scalars: a `Character` may be CR and LF together.
  private static func field(_ text: String) -> String {
    let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard needsQuotes else { return text }
    return "\"" + text.replacingScalars { $0 == "\"" ? "\"\"" : nil } + "\""
  }
}

extension String {
  /// Replaces every scalar for which there is a replacement.
  func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let text = replacement(scalar) {
        result.append(contentsOf: text.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
