/// A root command together with what every program has: `--help`, `--version`, `--color`, and
/// either the subcommands `help` and `generate` or, where the root takes words, `--generate`.
public struct Program: Sendable {
  private static let category = "General"

  static let helpFlag = Flag(
    "help", short: "h", category: category, summary: "Print help: -h in short, --help in full")

  static let versionFlag = Flag(
    "version", short: "V", category: category, summary: "Print the version and what it runs on")

  static let colorFlag = Flag(
    "color", value: .choice(Terminal.ColorChoice.allCases.map(\.rawValue)), placeholder: "WHEN",
    category: category, summary: "When to use colors",
    details: "With auto, on a terminal unless NO_COLOR is set or TERM is 'dumb'.",
    default: .value(Terminal.ColorChoice.auto.rawValue))

  static let generateFlag = Flag(
    "generate", value: .choice(GeneratedDocument.allCases.map(\.rawValue)), placeholder: "FORM",
    category: category, summary: "Print the man page or a shell's completions")

  /// The table with all of these added.
  public let root: Command
  /// The text of `--version`; its first line is the name and the number.
  let version: @Sendable () -> String

  public init(_ root: Command, version: @escaping @Sendable () -> String) {
    var complete = root
    if root.positionals.isEmpty {
      complete.subcommands += [
        Self.helpCommand(for: root, version: version),
        Self.generateCommand(for: root, version: version),
      ]
    } else {
      complete.flags.append(Self.generateFlag)
    }
    self.root = Self.withGeneralFlags(complete)
    self.version = version
  }

  private static func withGeneralFlags(_ command: Command) -> Command {
    var command = command
    command.flags += [helpFlag, versionFlag, colorFlag]
    command.subcommands = command.subcommands.map(withGeneralFlags)
    return command
  }

  private static func helpCommand(
    for root: Command, version: @escaping @Sendable () -> String
  ) -> Command {
    Command(
      "help", summary: "Print the help of a command",
      positionals: [
        Positional("COMMAND", summary: "the words that name it", arity: .many(atLeast: 0))
      ],
      run: { arguments, console in
        let tree = Program(root, version: version).root
        let (command, path) = try tree.named(by: arguments)
        try console.write(HelpPage(command, path: path).text(isLong: true, for: console.terminal))
        return .ok
      })
  }

  private static func generateCommand(
    for root: Command, version: @escaping @Sendable () -> String
  ) -> Command {
    Command(
      "generate", summary: "Print the man page or a shell's completions",
      examples: [
        .init("\(root.name) generate man | man -l -", "Read the man page"),
        .init("source <(\(root.name) generate bash)", "Complete words in this bash"),
      ],
      positionals: [
        Positional("FORM", value: generateFlag.value, summary: "man, bash, zsh or fish")
      ],
      run: { arguments, console in
        let program = Program(root, version: version)
        let form = arguments.positional("FORM").flatMap(GeneratedDocument.init)
        try console.write(form?.text(for: program) ?? "")
        return .ok
      })
  }
}

extension Command {
  /// The command that the words after `help` name.
  fileprivate func named(
    by arguments: Arguments
  ) throws(UsageError) -> (command: Command, path: [String]) {
    var command = self
    var path = [name]
    for word in arguments.positionals {
      guard let next = command.subcommand(named: word) else {
        throw command.unknownSubcommand(word, path: path)
      }
      command = next
      path.append(word)
    }
    return (command, path)
  }

  func unknownSubcommand(_ word: String, path: [String]) -> UsageError {
    let own = path.joined(separator: " ")
    guard !subcommands.isEmpty else {
      return UsageError("\(own) has no commands, so no \(quoted(word))", commandPath: path)
    }
    let names = subcommands.map(\.name)
    let known = " (it has \(names.listed(before: "and")))"
    return UsageError(
      "\(own) has no command \(quoted(word))\(known)" + Spelling.question(word, among: names),
      commandPath: path)
  }
}
