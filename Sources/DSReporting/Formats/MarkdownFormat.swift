/// A table for people, aligned so that it reads well before it is rendered, and the context below it.
enum MarkdownFormat {
  static func text(_ table: ResultTable) -> String {
    // A column in which nothing is known only takes room.
    let shown = table.columns.indices.filter { index in
      table.columns[index].title != nil
        && (table.rows.isEmpty || table.rows.contains { !$0[index].readable.isEmpty })
    }
    let titles = shown.map { escaped(table.columns[$0].title ?? "") }
    let cells = table.rows.map { row in shown.map { escaped(row[$0].readable) } }
    let isRight = shown.map { table.columns[$0].kind.isNumeric }
    let widths = titles.indices.map { column in
      ([titles] + cells).map { $0[column].unicodeScalars.count }.max().map { max($0, 3) } ?? 3
    }

    func line(_ row: [String]) -> String {
      let padded = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].unicodeScalars.count)
        return isRight[column] ? space + row[column] : row[column] + space
      }
      return "| " + padded.joined(separator: " | ") + " |\n"
    }
    let rule = widths.indices.map { column in
      String(repeating: "-", count: widths[column] - 1) + (isRight[column] ? ":" : "-")
    }
    return line(titles) + line(rule) + cells.map(line).joined() + context(table.context)
  }

  static func context(_ context: RunContext?) -> String {
    guard let context else { return "" }
    var lines: [String] = []
    for field in RunContext.fields {
      guard let title = field.column.title else { continue }
      switch field.value(context) {
      case .texts(let texts): lines += texts.map { "- \(title.dropLast()): \(escaped($0))" }
      case let value where value.readable.isEmpty: break
      case let value: lines.append("- \(title): \(escaped(value.readable))")
      }
    }
    return lines.isEmpty ? "" : "\n" + lines.map { $0 + "\n" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.replacingScalars { scalar in
      switch scalar {
      case "|": "\\|"
      case "\\": "\\\\"
      case "<": "&lt;"
      case "\0"..<" ": " "
      default: nil
      }
    }
  }
}

extension Column.Kind {
  fileprivate var isNumeric: Bool {
    switch self {
    case .integer, .number: true
    case .text, .flag, .nested: false
    }
  }
}
