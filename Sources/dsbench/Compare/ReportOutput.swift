import DSCommandLine
import DSCommands
import DSCore
import DSReporting
import DSSchedule

/// Where a command's results go: the console or the file of `--output`, in the form of `--format`.
struct ReportOutput {
  private let format: OutputFormat
  private let path: String?
  private let console: Console

  /// Made before anything is measured: what could not be written is refused then.
  init(_ arguments: Arguments, _ console: Console) throws {
    format = arguments.string("format").flatMap(OutputFormat.init) ?? .markdown
    path = arguments.string("output")
    self.console = console
    guard let path, path != "-" else { return }
    try AtomicPath(path).checkWritable()
    try arguments.expectOutputIsNoInput()
  }

  /// Whether somebody reads the table in a terminal of a known width.
  private var isFitted: Bool {
    format == .markdown && path == nil && console.terminal.width != nil
  }

  func write(
    _ records: [BenchmarkRecord], context: RunContext, showsSamples: Bool
  ) throws {
    if isFitted {
      return try console.write(
        KernelTables.text(records, showsSamples: showsSamples, terminal: console.terminal))
    }
    var table = ResultTable(records, context: context)
    if showsSamples, let index = table.columns.firstIndex(where: { $0.role == .samples }) {
      table.columns[index].title = "samples (ns)"
    }
    try write(format.text(table))
  }

  /// A table, fitted to the terminal or as Markdown.
  func write(_ table: Table, heading: String? = nil, footer: String = "") throws {
    let lead = heading.map { $0 + "\n\n" } ?? ""
    let body = isFitted ? table.text(for: console.terminal) : table.markdown()
    let shown = isFitted ? console.terminal.repertoire.shown(lead) : lead
    try write(shown + body + (footer.isEmpty ? "" : "\n" + footer + "\n"))
  }

  func write(_ text: String) throws {
    guard let path, path != "-" else { return try console.write(text) }
    do {
      try AtomicFile.replace(path, with: Array(text.utf8))
    } catch {
      throw CommandFailure(
        .machineCannot, "\(path): cannot be written: \(error.reason)",
        hint: "choose another place with --output")
    }
  }
}
