import DSCommandLine

/// A table as comma-separated values after RFC 4180.
enum CSVText {
  static func text(_ table: Table) -> String {
    ([table.columns.map(\.title)] + table.rows).map { row in
      row.map(field).joined(separator: ",") + "\r\n"
    }.joined()
  }

  private static func field(_ text: String) -> String {
    text.utf8.contains { ",\"\r\n".utf8.contains($0) }
      ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
