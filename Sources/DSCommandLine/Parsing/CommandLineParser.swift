/// Reads words against a tree of commands.
package struct CommandLineParser {
  package enum Outcome {
    case run(Command, Arguments)
    /// Help for a command was asked for: `--help`, or `-h` for the short one.
    case help(Command, path: [String], isLong: Bool)
    case version
    /// A man page or a completion script was asked for.
    case generate(String)
  }

  private struct Given {
    var flag: Flag
    /// The command that was being read.
    var owner: [String]
    var value: ParsedValue
  }

  private let root: Command
  private var command: Command
  private var path: [String]
  private var remaining: ArraySlice<String>
  private var given: [Given] = []
  private var positionals: [String] = []

  init(root: Command, words: [String]) {
    self.root = root
    command = root
    path = [root.name]
    remaining = words[...]
  }

  package static func parse(_ words: [String], root: Command) throws(UsageError) -> Outcome {
    var parser = CommandLineParser(root: root, words: words)
    do {
      return try parser.outcome()
    } catch {
      throw error.commandPath.isEmpty
        ? UsageError(error.message, commandPath: parser.path) : error
    }
  }

  private mutating func outcome() throws(UsageError) -> Outcome {
    while let word = remaining.popFirst() {
      if word == "--" {
        for word in remaining { try takePositional(word) }
        break
      }
      if word.hasPrefix("--") {
        if let outcome = try takeLong(word) { return outcome }
      } else if word.hasPrefix("-"), word.count > 1, !isNegativeNumber(word) {
        if let outcome = try takeShorts(word) { return outcome }
      } else {
        try takeWord(word)
      }
    }
    guard command.run != nil else { throw missingSubcommand() }
    return .run(command, try arguments())
  }

  // MARK: - Flags

  /// `--resume`, `--threads 2` or `--threads=2`; an outcome for `--help` and its like.
  private mutating func takeLong(_ word: String) throws(UsageError) -> Outcome? {
    let body = word.dropFirst(2)
    let equals = body.firstIndex(of: "=")
    let name = body[..<(equals ?? body.endIndex)]
    guard let flag = command.flag(named: name) else { throw unknownFlag(name) }
    let attached = equals.map { String(body[body.index(after: $0)...]) }
    return try take(flag, spelled: flag.spelling, attached: attached)
  }

  /// `-v`, `-vq`, `-t2`, `-t=2` or `-t 2`; an outcome where `-h` is among them.
  private mutating func takeShorts(_ word: String) throws(UsageError) -> Outcome? {
    var letters = word.dropFirst()
    while let letter = letters.popFirst() {
      let isFirst = letters.count == word.count - 2
      guard let flag = command.flag(short: letter) else {
        let isLongName = isFirst && command.flag(named: word.dropFirst()) != nil
        let question = isLongName ? "; did you mean '-\(word)'?" : ""
        throw UsageError("unknown flag \(quoted("-\(letter)"))\(question)")
      }
      let attached = letters.first == "=" ? letters.dropFirst() : letters
      let takesRest = flag.value != .none && !letters.isEmpty || letters.first == "="
      let outcome = try take(
        flag, spelled: "-\(letter)", attached: takesRest ? String(attached) : nil)
      if outcome != nil || flag.value != .none { return outcome }
    }
    return nil
  }

  private mutating func take(
    _ flag: Flag, spelled: String, attached: String?
  ) throws(UsageError) -> Outcome? {
    if flag.value == .none {
      if let attached { throw UsageError("\(spelled) takes no value, not \(quoted(attached))") }
      switch flag.name {
      case Program.helpFlag.name:
        return .help(command, path: path, isLong: spelled == flag.spelling)
      case Program.versionFlag.name:
        return .version
      default:
        given.append(Given(flag: flag, owner: path, value: .present))
        return nil
      }
    }
    let text: String
    if let attached {
      text = attached
    } else {
      guard let next = remaining.first else {
        throw UsageError("\(spelled) needs a value: it takes \(flag.value.expectation)")
      }
      if next.hasPrefix("-"), next != "-", !isNegativeNumber(next) {
        throw UsageError(
          "\(spelled) needs a value, and \(quoted(next)) reads like a flag"
            + (flag.value.isFreeText ? "; write \(flag.spelling)=\(next.printable)" : ""))
      }
      remaining.removeFirst()
      text = next
    }
    let value = try flag.value.parse(text, for: spelled)
    if flag.name == Program.generateFlag.name, case .text(let form) = value {
      return .generate(form)
    }
    given.append(Given(flag: flag, owner: path, value: value))
    return nil
  }

  private func unknownFlag(_ name: Substring) -> UsageError {
    let unknown = "unknown flag \(quoted("--\(name)"))"
    let owners = root.descendants().filter { $0.command.flag(named: name) != nil }
    if let owner = owners.first {
      let own = path.joined(separator: " ")
      return UsageError("\(own) has no flag --\(name); \(owner.path.joined(separator: " ")) has")
    }
    return UsageError(
      unknown + Spelling.question(name, among: command.flags.map(\.name), prefix: "--"))
  }

  private func isNegativeNumber(_ word: String) -> Bool {
    guard word.first == "-", let next = word.dropFirst().first else { return false }
    return (next.isASCII && next.isNumber || next == ".") && command.flag(short: next) == nil
  }

  // MARK: - Words

  private mutating func takeWord(_ word: String) throws(UsageError) {
    guard !command.subcommands.isEmpty else { return try takePositional(word) }
    guard let next = command.subcommand(named: word) else {
      throw command.unknownSubcommand(word, path: path)
    }
    command = next
    path.append(word)
  }

  private mutating func takePositional(_ word: String) throws(UsageError) {
    let capacity =
      command.positionals.last?.maximumCount == .max
      ? Int.max : command.positionals.count
    guard positionals.count < capacity else {
      throw UsageError("\(quoted(word)) is one word too many for \(path.joined(separator: " "))")
    }
    let positional = command.positionals[min(positionals.count, command.positionals.count - 1)]
    _ = try positional.value.parse(word, for: positional.name)
    positionals.append(word)
  }

  private func missingSubcommand() -> UsageError {
    UsageError(
      "\(path.joined(separator: " ")) needs a command: "
        + command.subcommands.map(\.name).listed(before: "or"))
  }

  // MARK: - The end

  private func arguments() throws(UsageError) -> Arguments {
    var values: [String: (value: ParsedValue, count: Int)] = [:]
    for entry in given {
      // A flag before the subcommand holds where the subcommand has it too.
      guard let flag = command.flag(named: entry.flag.name), flag.value == entry.flag.value else {
        let owner = entry.owner.joined(separator: " ")
        throw UsageError(
          "\(entry.flag.spelling) is a flag of \(owner), not of \(path.joined(separator: " "))")
      }
      values[flag.name] = (entry.value, (values[flag.name]?.count ?? 0) + 1)
    }
    for flag in command.flags where flag.isRequired && values[flag.name] == nil {
      throw UsageError("\(flag.usage) is missing: \(flag.value.expectation)")
    }
    let required = command.positionals.reduce(0) { $0 + $1.minimumCount }
    if positionals.count < required {
      let missing = command.positionals[min(positionals.count, command.positionals.count - 1)]
      throw UsageError("\(missing.name) is missing: \(missing.summary)")
    }
    return try Arguments(command: command, path: path, given: values, positionals: positionals)
  }
}

extension ValueKind {
  /// Whether a value may well begin with a dash.
  fileprivate var isFreeText: Bool {
    switch self {
    case .string, .strings, .path: true
    case .none, .integer, .number, .choice, .duration, .integers: false
    }
  }
}
