import DSSchedule

/// An array of rows, each complete with its context.
enum JSONFormat {
  static func text(_ table: ResultTable) -> String {
    JSONValue.array(table.objects).prettyText()
  }
}
