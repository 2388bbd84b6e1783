/// A column and how a record fills it: the one place that names a field.
public struct RecordField<Record>: Sendable {
  public var column: Column
  public var value: @Sendable (Record) -> ReportValue

  public init(_ column: Column, _ value: @escaping @Sendable (Record) -> ReportValue) {
    self.column = column
    self.value = value
  }
}
