/// A table fitted to a width: which columns are shown, how wide, and the lines.
struct TableLayout {
  private static let gap = 2

  let visible: [Int]
  let lines: [String]

  init(_ table: Table, width: Int?, repertoire: Repertoire) {
    let cells = ([table.columns.map(\.title)] + table.rows).map { $0.map(repertoire.shown) }
    let natural = table.columns.indices.map { index in
      cells.map { $0[index].displayWidth }.max() ?? 0
    }
    var visible = Array(table.columns.indices)
    var widths = natural
    if let width {
      widths = Self.shrunk(natural, visible: visible, table: table, to: width)
      while Self.total(widths, visible) > width, visible.count > 1,
        let least = Self.leastImportant(of: visible, in: table)
      {
        visible.removeAll { $0 == least }
        widths = Self.shrunk(natural, visible: visible, table: table, to: width)
      }
    }
    self.visible = visible
    lines = cells.map { row in
      let texts = visible.map { index in
        table.aligned(
          row[index].shortened(to: widths[index], ellipsis: repertoire.ellipsis), column: index,
          width: widths[index])
      }
      return texts.joined(separator: String(repeating: " ", count: Self.gap)).withoutTrailingSpace
    }
  }

  private static func total(_ widths: [Int], _ visible: [Int]) -> Int {
    visible.reduce(gap * (visible.count - 1)) { $0 + widths[$1] }
  }

  /// The column to go first; of equal ones the rightmost. `nil` where all have to stay.
  private static func leastImportant(of visible: [Int], in table: Table) -> Int? {
    let droppable = visible.filter { table.columns[$0].priority != nil }
    return droppable.reversed().min { left, right in
      table.columns[left].priority ?? .max < table.columns[right].priority ?? .max
    }
  }

  /// Takes what is too much from the columns that may be shortened, the least important first.
  private static func shrunk(
    _ natural: [Int], visible: [Int], table: Table, to width: Int
  ) -> [Int] {
    var widths = natural
    let order = visible.filter { table.columns[$0].minimumWidth != nil }.sorted {
      (table.columns[$0].priority ?? .max, $1) < (table.columns[$1].priority ?? .max, $0)
    }
    for index in order {
      let excess = total(widths, visible) - width
      guard excess > 0, let minimum = table.columns[index].minimumWidth else { break }
      widths[index] -= min(excess, max(0, widths[index] - minimum))
    }
    return widths
  }
}

extension String {
  fileprivate var withoutTrailingSpace: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
