import DSCommandLine
import DSCommands
import DSCore
import DSReporting

/// Where a command's results go: the console or the file of `--output`, in the form of `--format`.
struct ReportOutput {
  /// Of commands whose results are no series of times, which is all that google-benchmark's form holds.
  static let flagsWithoutSamples = flags(
    OutputFormat.allCases.filter { $0 != .googleBenchmark })
  static let flags = flags(OutputFormat.allCases)

  private let format: OutputFormat
  private let path: String?
  private let console: Console
  /// Whether somebody reads the table at a terminal.
  private let isFitted: Bool

  private static func flags(_ formats: [OutputFormat]) -> [Flag] {
    [SharedFlags.format(formats.map(\.rawValue)), SharedFlags.output]
  }

  /// Made before anything is measured: what could not be written is refused then.
  init(_ arguments: Arguments, _ console: Console) throws {
    format = arguments.string("format").flatMap(OutputFormat.init) ?? .markdown
    path = arguments.string("output")
    self.console = console
    // Who asks for Markdown gets it, and a pipe has no width: its reader's is not the terminal's.
    isFitted = !arguments.flag("format") && path == nil && console.terminal.isInteractive
    guard let path, path != "-" else { return }
    try AtomicPath(path).checkWritable()
    try arguments.expectOutputIsNoInput()
  }

  func write(_ report: CommandReport) throws {
    try write(isFitted ? report.text(for: console.terminal) : report.text(format))
  }

  private func write(_ text: String) throws {
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
