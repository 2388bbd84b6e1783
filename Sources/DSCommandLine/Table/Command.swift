/// A command or subcommand: a node of the tree that one program's command line is.
///
///     Command(
///       "dstune", summary: "Finds the fastest kernels for a network on this machine",
///       flags: [Flag("model", value: .string, summary: "Network to tune", isRequired: true)],
///       subcommands: [check, explain],
///       run: { arguments, console in … })
///
/// A command may have flags of its own and subcommands (`dstune --model xception`, `dstune check
/// FILE`), but not positionals and subcommands: a word could then mean either.
public struct Command: Sendable {
  public typealias Action = @Sendable (Arguments, Console) throws -> ExitCode

  public struct Example: Sendable {
    /// A full shell line: `dstune --model xception --time 60s`.
    public var line: String
    /// What it does, in one sentence without a full stop.
    public var summary: String

    public init(_ line: String, _ summary: String) {
      self.line = line
      self.summary = summary
    }
  }

  public var name: String
  /// One line without a full stop.
  public var summary: String
  /// Paragraphs separated by empty lines, shown by `--help` and in the man page.
  public var details: String
  public var examples: [Example]
  public var flags: [Flag]
  public var positionals: [Positional]
  public var subcommands: [Command]
  /// `nil` where only the subcommands do something.
  public var run: Action?

  public init(
    _ name: String, summary: String, details: String = "", examples: [Example] = [],
    flags: [Flag] = [], positionals: [Positional] = [], subcommands: [Command] = [],
    run: Action? = nil
  ) {
    self.name = name
    self.summary = summary
    self.details = details
    self.examples = examples
    self.flags = flags
    self.positionals = positionals
    self.subcommands = subcommands
    self.run = run
  }
}

extension Command {
  func flag(named name: some StringProtocol) -> Flag? { flags.first { $0.name == name } }

  func flag(short: Character) -> Flag? { flags.first { $0.short == short } }

  func subcommand(named name: some StringProtocol) -> Command? {
    subcommands.first { $0.name == name }
  }

  /// Headings in the order in which the table first uses them.
  var categories: [String] {
    var seen: [String] = []
    for flag in flags where !seen.contains(flag.category) { seen.append(flag.category) }
    return seen
  }

  /// Every command of the tree with its full name, parents before children.
  func descendants(under parents: [String] = []) -> [(path: [String], command: Command)] {
    let path = parents + [name]
    return [(path, self)] + subcommands.flatMap { $0.descendants(under: path) }
  }

  /// The command at a path of names below this one.
  func descendant(at path: some Sequence<String>) -> Command? {
    path.reduce(Optional(self)) { command, name in command?.subcommand(named: name) }
  }
}
