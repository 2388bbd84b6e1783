import Glibc

/// What can be shown at the other end of a file descriptor.
public struct Terminal: Sendable, Equatable {
  /// The `--color` flag's choices.
  public enum ColorChoice: String, Sendable, CaseIterable {
    case auto, always, never
  }

  /// Whether somebody watches: a terminal, not a pipe or a file.
  public var isInteractive: Bool
  /// Columns of a line; `nil` where there is no terminal to ask and `COLUMNS` is not set.
  public var width: Int?
  /// Whether ANSI styles are wanted.
  public var hasStyles: Bool
  /// Whether a line can be rewritten (a terminal that is not `dumb`).
  public var canRewriteLines: Bool
  public var repertoire: Repertoire

  public init(
    isInteractive: Bool, width: Int?, hasStyles: Bool, canRewriteLines: Bool,
    repertoire: Repertoire
  ) {
    self.isInteractive = isInteractive
    self.width = width
    self.hasStyles = hasStyles
    self.canRewriteLines = canRewriteLines
    self.repertoire = repertoire
  }

  /// Asks the system about a descriptor. `COLUMNS` goes before the terminal's own width;
  /// `--color always` goes before `NO_COLOR` (no-color.org) and `TERM=dumb`.
  public init(
    descriptor: Int32, color: ColorChoice = .auto,
    environment: (String) -> String? = Terminal.environmentVariable
  ) {
    let isTerminal = isatty(descriptor) == 1
    let isDumb = environment("TERM").map { $0 == "dumb" || $0.isEmpty } ?? true
    let refusesColor = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    let columns = environment("COLUMNS").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    isInteractive = isTerminal
    width = columns ?? Self.columns(of: descriptor)
    canRewriteLines = isTerminal && !isDumb
    hasStyles =
      switch color {
      case .auto: isTerminal && !isDumb && !refusesColor
      case .always: true
      case .never: false
      }
    repertoire = Repertoire(environment: environment)
  }

  /// The width for running text: never so wide that it reads badly.
  public var textWidth: Int { min(max(width ?? 80, 20), 100) }

  /// A variable of this process's environment.
  public static func environmentVariable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
