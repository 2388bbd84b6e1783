import DSSchedule

/// Statements that create a table where there is none and insert the rows, in one transaction; for
/// `sqlite3 results.db`.
enum SQLFormat {
  static func text(_ table: ResultTable) -> String {
    let columns = table.completeColumns
    let name = identifier(table.name)
    let definitions = columns.map { "  \(identifier($0.name)) \($0.kind.sqlType)" }
    let names = columns.map { identifier($0.name) }.joined(separator: ", ")
    let inserts = table.completeRows.map { row in
      "INSERT INTO \(name) (\(names))\n  VALUES (\(row.map(literal).joined(separator: ", ")));\n"
    }
    return "BEGIN;\nCREATE TABLE IF NOT EXISTS \(name) (\n"
      + definitions.joined(separator: ",\n") + "\n);\n" + inserts.joined() + "COMMIT;\n"
  }

  private static func identifier(_ name: String) -> String {
    "\"" + name.replacingScalars { $0 == "\"" ? "\"\"" : nil } + "\""
  }

  private static func literal(_ value: ReportValue) -> String {
    switch value.flat {
    case nil: "NULL"
    case .bool(let flag)?: flag ? "1" : "0"
    case .string(let text)?: quoted(text)
    case let number?: number.text
    }
  }

  /// A NUL would end the statement, so it is put in as an expression.
  private static func quoted(_ text: String) -> String {
    let literal = text.replacingScalars { scalar in
      switch scalar {
      case "'": "''"
      case "\0": "'||char(0)||'"
      default: nil
      }
    }
    return text.unicodeScalars.contains("\0") ? "('\(literal)')" : "'\(literal)'"
  }
}

extension Column.Kind {
  fileprivate var sqlType: String {
    switch self {
    case .text, .nested: "TEXT"
    case .integer, .flag: "INTEGER"
    case .number: "REAL"
    }
  }
}
