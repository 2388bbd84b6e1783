/// The rows of the JSON format, one a line.
enum JSONLinesFormat {
  static func text(_ table: ResultTable) -> String {
    table.objects.map { $0.text + "\n" }.joined()
  }
}
