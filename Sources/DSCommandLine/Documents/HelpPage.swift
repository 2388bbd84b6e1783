/// The help of one command, set for a terminal.
struct HelpPage {
  private let command: Command
  private let path: [String]
  private var name: String { path.joined(separator: " ") }

  init(_ command: Command, path: [String]) {
    self.command = command
    self.path = path
  }

  /// `-h` prints usage and one line a flag; `--help` prints examples first and every detail.
  func text(isLong: Bool, for terminal: Terminal) -> String {
    let width = terminal.textWidth
    var sections = [Paragraph.indented("\(name): \(command.summary)", width: width, indent: 0)]
    if isLong { sections.append(examples(terminal)) }
    sections.append(usage(terminal))
    if isLong {
      sections += Paragraph.split(command.details).map {
        Paragraph.indented($0, width: width, indent: 0)
      }
    }
    sections.append(words(terminal))
    sections.append(subcommands(terminal))
    for category in command.categories {
      sections.append(flags(category, isLong: isLong, terminal))
    }
    sections.append(
      isLong ? exitCodes(terminal) : ["\(name) --help says more."])
    let lines = sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
    return terminal.repertoire.shown(lines.joined(separator: "\n\n") + "\n")
  }

  // MARK: - Sections

  private func usage(_ terminal: Terminal) -> [String] {
    let lines = command.usageLines(path: path).flatMap {
      Paragraph.indented($0, width: terminal.textWidth, indent: 2, hanging: 6)
    }
    return [heading("Usage", terminal)] + lines
  }

  private func examples(_ terminal: Terminal) -> [String] {
    guard !command.examples.isEmpty else { return [] }
    let lines = command.examples.flatMap { example in
      Paragraph.indented("# \(example.summary)", width: terminal.textWidth, indent: 2, hanging: 4)
        .map { terminal.styled($0, .dim) }
        + Paragraph.shellLines(example.line, width: terminal.textWidth, indent: 2)
    }
    return [heading("Examples", terminal)] + lines
  }

  private func words(_ terminal: Terminal) -> [String] {
    definitions(
      "Words", command.positionals.map { ($0.name, $0.summary) }, terminal)
  }

  private func subcommands(_ terminal: Terminal) -> [String] {
    definitions("Commands", command.subcommands.map { ($0.name, $0.summary) }, terminal)
  }

  private func exitCodes(_ terminal: Terminal) -> [String] {
    definitions("Exit codes", ExitCode.allCases.map { ("\($0.rawValue)", $0.meaning) }, terminal)
  }

  private func flags(_ category: String, isLong: Bool, _ terminal: Terminal) -> [String] {
    let flags = command.flags.filter { $0.category == category }
    guard isLong else {
      return definitions(category, flags.map { ($0.heading, $0.summary + $0.remarks) }, terminal)
    }
    let lines = flags.flatMap { flag in
      let texts = [flag.summary + flag.remarks] + Paragraph.split(flag.details)
      return ["  " + flag.heading]
        + texts.flatMap { Paragraph.indented($0, width: terminal.textWidth, indent: 10) }
    }
    return [heading(category, terminal)] + lines
  }

  // MARK: - Setting

  private func heading(_ text: String, _ terminal: Terminal) -> String {
    terminal.styled("\(text):", .bold)
  }

  /// Terms with their meanings beside them, or beneath where the width leaves no room.
  private func definitions(
    _ title: String, _ entries: [(term: String, meaning: String)], _ terminal: Terminal
  ) -> [String] {
    guard !entries.isEmpty else { return [] }
    let column = min(entries.map(\.term.displayWidth).max() ?? 0, 28) + 4
    let isBeside = terminal.textWidth - column >= 32
    var lines = [heading(title, terminal)]
    for (term, meaning) in entries {
      let indent = isBeside ? column : 6
      var meaningLines = Paragraph.indented(meaning, width: terminal.textWidth, indent: indent)
      if isBeside, term.displayWidth + 4 <= column, let first = meaningLines.first {
        meaningLines[0] = ("  " + term).padded(to: column) + first.dropFirst(column)
      } else {
        meaningLines.insert("  " + term, at: 0)
      }
      lines += meaningLines
    }
    return lines
  }
}

extension Command {
  /// One line for the command itself and one for its subcommands, each where there is one.
  func usageLines(path: [String]) -> [String] {
    let name = path.joined(separator: " ")
    var lines: [String] = []
    if run != nil {
      let required = flags.filter(\.isRequired).map(\.usage)
      let words = [name] + required + ["[FLAGS]"] + positionals.map(\.usage)
      lines.append(words.joined(separator: " "))
    }
    if !subcommands.isEmpty { lines.append("\(name) COMMAND [FLAGS]") }
    return lines
  }
}
