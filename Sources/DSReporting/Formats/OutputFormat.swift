/// The formats a table can be written in, by their names on the command line.
public enum OutputFormat: String, Sendable, CaseIterable {
  case markdown = "md"
  case csv
  case json
  case jsonLines = "jsonl"
  case sql
  case googleBenchmark = "gbench"

  /// The whole text of the file, with a newline at its end.
  public func text(_ table: ResultTable) -> String {
    switch self {
    case .markdown: MarkdownFormat.text(table)
    case .csv: CSVFormat.text(table)
    case .json: JSONFormat.text(table)
    case .jsonLines: JSONLinesFormat.text(table)
    case .sql: SQLFormat.text(table)
    case .googleBenchmark: GoogleBenchmarkFormat.text(table)
    }
  }
}
