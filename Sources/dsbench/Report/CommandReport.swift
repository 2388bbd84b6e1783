import DSCommandLine
import DSReporting
import DSSchedule

/// What a command has to say, for every form of output.
struct CommandReport {
  /// A table for people, with what stands above and below it.
  struct Section {
    var heading: String?
    var table: Table
    var footer = ""
  }

  /// For somebody at a terminal, and as Markdown where `markdown` says nothing else.
  var sections: [Section]
  /// Where and how it was measured, below a table that is no terminal's.
  var context: RunContext?
  /// A row a record, for csv, jsonl, sql and gbench.
  var records: ResultTable
  /// The whole of it.
  var json: JSONValue
  /// What stands in a line of jsonl; `nil` for the records.
  var lines: [JSONValue]?
  /// Of the records, where one table says it better than the sections.
  var hasOneMarkdownTable = false

  func text(_ format: OutputFormat) -> String {
    switch format {
    case .markdown: markdown
    case .json: json.prettyText()
    case .jsonLines: lines.map { $0.map { $0.text + "\n" }.joined() } ?? format.text(records)
    case .csv, .sql, .googleBenchmark: format.text(records)
    }
  }

  /// Fitted to a terminal.
  func text(for terminal: Terminal) -> String {
    text { table in
      table.text(for: terminal)
    } heading: { heading in
      terminal.styled(terminal.repertoire.shown(heading), .bold)
    } note: { note in
      terminal.repertoire.shown(note)
    }
  }

  private var markdown: String {
    if hasOneMarkdownTable {
      var (table, caption) = records.captioned
      table.context = nil
      return OutputFormat.markdown.text(table) + (caption.isEmpty ? "" : "\n\(caption)\n")
        + (records.context?.markdown ?? "")
    }
    return text {
      $0.markdown()
    } heading: {
      $0
    } note: {
      $0
    } + (context?.markdown ?? "")
  }

  private func text(
    table: (Table) -> String, heading: (String) -> String, note: (String) -> String
  ) -> String {
    sections.map { section in
      let (shown, caption) = section.table.captioned
      let notes = [caption, section.footer].filter { !$0.isEmpty }
      return (section.heading.map { heading($0) + "\n\n" } ?? "") + table(shown)
        + notes.map { "\n" + note($0) + "\n" }.joined()
    }.joined(separator: "\n")
  }
}
