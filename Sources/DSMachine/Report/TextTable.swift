/// Rows in aligned columns, the first column to the left and numbers to the right.
struct TextTable {
  var header: [String]
  var rows: [[String]] = []
  /// Columns that hold words; all others hold numbers.
  var leftAligned: Set<Int> = [0]
  var indent = "  "

  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return leftAligned.contains(column) ? row[column] + space : space + row[column]
      }
      let line = indent + cells.joined(separator: "  ")
      return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)]) + "\n"
    }.joined()
  }
}
