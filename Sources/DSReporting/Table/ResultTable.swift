import DSSchedule

/// Rows of results with the context they were measured in: what every format writes.
public struct ResultTable: Sendable {
  /// The name of the SQL table.
  public var name: String
  public var columns: [Column]
  /// As many values as columns.
  public var rows: [[ReportValue]]
  /// `nil` for rows that do not depend on where and when they were made.
  public var context: RunContext?

  public init(name: String, columns: [Column], rows: [[ReportValue]], context: RunContext?) {
    for row in rows {
      precondition(
        row.count == columns.count, "a row of \(row.count) values for \(columns.count) columns")
    }
    self.name = name
    self.columns = columns
    self.rows = rows
    self.context = context
  }

  /// A table of records, one row each, by their table of fields.
  public init<Record>(
    name: String, records: [Record], fields: [RecordField<Record>], context: RunContext?
  ) {
    self.init(
      name: name, columns: fields.map(\.column),
      rows: records.map { record in fields.map { $0.value(record) } }, context: context)
  }

  /// Puts columns before all others that have the same in every row.
  public mutating func prepend(_ shared: [(column: Column, value: ReportValue)]) {
    columns = shared.map(\.column) + columns
    rows = rows.map { shared.map(\.value) + $0 }
  }

  /// Puts a column behind all others that has the same in every row.
  public mutating func append(_ column: Column, _ value: ReportValue) {
    columns.append(column)
    rows = rows.map { $0 + [value] }
  }

  /// The columns and, after them, those of the context.
  var completeColumns: [Column] {
    columns + (context == nil ? [] : RunContext.fields.map(\.column))
  }

  /// Rows that can stand alone, with the context in each.
  var completeRows: [[ReportValue]] {
    let shared = context.map { context in RunContext.fields.map { $0.value(context) } } ?? []
    return rows.map { $0 + shared }
  }

  /// Rows that can stand alone, nested by the columns' paths.
  public var objects: [JSONValue] {
    let columns = completeColumns
    return completeRows.map { row in
      zip(columns, row).reduce(.object([:])) { object, cell in
        object.setting(cell.0.path[...], to: cell.1.json)
      }
    }
  }
}

extension JSONValue {
  fileprivate func setting(_ path: ArraySlice<String>, to value: JSONValue) -> JSONValue {
    guard let key = path.first else { return value }
    var members: [String: JSONValue] = [:]
    if case .object(let existing) = self { members = existing }
    members[key] = (members[key] ?? .object([:])).setting(path.dropFirst(), to: value)
    return .object(members)
  }
}
