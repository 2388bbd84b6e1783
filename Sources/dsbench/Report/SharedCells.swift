import DSCommandLine
import DSReporting

/// Columns in which all rows say the same, or all but one of many: a caption says it once.
struct SharedCells {
  /// Fewer rows are compared at a glance.
  private static let fewestRows = 3
  /// Of so many rows one may be another.
  private static let rowsForAnException = 8

  private(set) var columns: Set<Int> = []
  private(set) var caption = ""

  /// - Parameters:
  ///   - candidates: columns that say what a row is, never what was found.
  ///   - names: of the rows, to name the one that is another.
  init(titles: [String], rows: [[String]], candidates: [Int], names: [String]) {
    guard rows.count >= Self.fewestRows else { return }
    var sentences: [String] = []
    for column in candidates {
      let groups = Dictionary(grouping: rows.indices) { rows[$0][column] }
      guard let usual = groups.max(by: { $0.value.count < $1.value.count }), !usual.key.isEmpty
      else { continue }
      let others = groups.filter { $0.key != usual.key }.flatMap(\.value)
      switch others.count {
      case 0: sentences.append("\(titles[column]) \(usual.key)")
      case 1 where rows.count >= Self.rowsForAnException && !rows[others[0]][column].isEmpty:
        sentences.append(
          "\(titles[column]) \(usual.key) (\(names[others[0]]): \(rows[others[0]][column]))")
      default: continue
      }
      columns.insert(column)
    }
    // One column has to stay.
    if columns.count == titles.count { columns = [] }
    if !columns.isEmpty { caption = "In all rows: " + sentences.joined(separator: "; ") }
  }
}

extension Table {
  /// Without the columns that a caption says as well, and that caption; an empty one where there are none.
  var captioned: (table: Table, caption: String) {
    let shared = SharedCells(
      titles: columns.map(\.title), rows: rows,
      candidates: columns.indices.filter { columns[$0].isDescriptive }, names: rows.map { $0[0] })
    return (without(columns: shared.columns), shared.caption)
  }
}

extension ResultTable {
  /// The same for people; columns are hidden and not lost.
  var captioned: (table: ResultTable, caption: String) {
    let shown = columns.indices.filter { columns[$0].title != nil && columns[$0].role != .figure }
    let shared = SharedCells(
      titles: columns.map { $0.title ?? "" }, rows: rows.map { $0.map(\.readable) },
      candidates: shown,
      names: rows.map { row in row.first { !$0.readable.isEmpty }?.readable ?? "" })
    var table = self
    for index in shared.columns { table.columns[index].title = nil }
    return (table, shared.caption)
  }
}
