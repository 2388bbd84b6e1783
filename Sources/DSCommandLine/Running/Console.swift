import Glibc

/// Where a command speaks: data to standard output, talk to standard error.
///
/// For one thread at a time; commands speak from the one they were started on.
public final class Console {
  /// What standard output can show.
  public let terminal: Terminal
  /// What standard error can show; progress belongs there.
  public let talkTerminal: Terminal
  private let program: String
  private let output: OutputChannel
  private let talk: OutputChannel

  public init(
    program: String, color: Terminal.ColorChoice = .auto,
    outputDescriptor: Int32 = STDOUT_FILENO, talkDescriptor: Int32 = STDERR_FILENO,
    environment: (String) -> String? = Terminal.environmentVariable
  ) {
    self.program = program
    terminal = Terminal(descriptor: outputDescriptor, color: color, environment: environment)
    talkTerminal = Terminal(descriptor: talkDescriptor, color: color, environment: environment)
    output = OutputChannel(
      descriptor: outputDescriptor, isInteractive: terminal.isInteractive)
    talk = OutputChannel(descriptor: talkDescriptor, isInteractive: true)
  }

  // MARK: - Data

  /// Adds data to the output, as it is.
  public func write(_ text: String) throws(OutputFailure) { try output.write(text) }

  /// Adds a line of data to the output.
  public func print(_ line: String = "") throws(OutputFailure) { try output.write(line + "\n") }

  /// Hands all data so far to the reader. The runner does it at the end; a command that streams
  /// does it where its reader should see what there is.
  public func flush() throws(OutputFailure) { try output.flush() }

  // MARK: - Talk

  /// Says something that is not data. Never fails: a deaf listener is no reason to stop.
  public func note(_ text: String) { say(text) }

  /// `dstune: warning: …`, with what to do about it on a second line.
  public func warning(_ message: String, hint: String? = nil) {
    report("warning", .yellow, message, hint: hint)
  }

  /// `dstune: error: …`, with what to do about it on a second line.
  public func error(_ message: String, hint: String? = nil) {
    report("error", .red, message, hint: hint)
  }

  /// Text as it is to standard error, for what rewrites its own line.
  func writeTalk(_ text: String) { try? talk.write(text) }

  private func report(_ kind: String, _ style: Style, _ message: String, hint: String?) {
    say("\(program): \(talkTerminal.styled("\(kind):", style, .bold)) \(message.printable)")
    if let hint { say("\(talkTerminal.styled("hint:", .cyan)) \(hint.printable)") }
  }

  private func say(_ line: String) { writeTalk(talkTerminal.repertoire.shown(line) + "\n") }
}
