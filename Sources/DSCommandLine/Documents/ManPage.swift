/// A program's manual page in the man(7) macros, all its commands in one.
struct ManPage {
  private let root: Command
  private let versionLine: String

  init(_ program: Program) {
    root = program.root
    versionLine =
      program.version().split(separator: "\n", maxSplits: 1).first.map(String.init) ?? root.name
  }

  var text: String {
    let commands = root.descendants()
    var lines = [
      ".TH \(quotedArgument(root.name.uppercased())) 1 \"\" \(quotedArgument(versionLine))",
      ".SH NAME", "\(escaped(root.name)) \\- \(escaped(root.summary))",
      ".SH SYNOPSIS",
    ]
    for (path, command) in commands {
      for usage in command.usageLines(path: path) { lines += [escaped(usage), ".br"] }
    }
    lines += section("EXAMPLES", of: commands.flatMap { $0.command.examples }.flatMap(example))
    lines += section("DESCRIPTION", of: paragraphs(root.details))
    lines += section("FLAGS", of: flags(of: root))
    for (path, command) in commands.dropFirst() {
      lines += section(path.dropFirst().joined(separator: " ").uppercased(), of: body(of: command))
    }
    lines += section(
      "EXIT STATUS",
      of: ExitCode.allCases.flatMap { [".TP", ".B \($0.rawValue)", escaped($0.meaning)] })
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ title: String, of lines: [String]) -> [String] {
    lines.isEmpty ? [] : [".SH \(quotedArgument(title))"] + lines
  }

  private func body(of command: Command) -> [String] {
    let words = command.positionals.flatMap {
      [".TP", ".I \(escaped($0.name))", escaped($0.summary)]
    }
    // The general flags are described once, with the program's own.
    var own = command
    own.flags.removeAll { $0.category == Program.helpFlag.category }
    return [escaped(command.summary)] + paragraphs(command.details) + words + flags(of: own)
  }

  private func flags(of command: Command) -> [String] {
    command.categories.flatMap { category in
      [".SS \(quotedArgument(category))"]
        + command.flags.filter { $0.category == category }.flatMap(entry)
    }
  }

  private func entry(for flag: Flag) -> [String] {
    var names = "\\fB\(escaped(flag.spelling))\\fR"
    if let short = flag.short { names = "\\fB\(escaped("-\(short)"))\\fR, " + names }
    if flag.value != .none { names += " \\fI\(escaped(flag.placeholder))\\fR" }
    return [".TP", names, escaped(flag.summary + flag.remarks)]
      + Paragraph.split(flag.details).flatMap { [".IP", escaped($0)] }
  }

  private func example(_ example: Command.Example) -> [String] {
    [".TP", escaped(example.summary), ".EX", escaped(example.line), ".EE"]
  }

  private func paragraphs(_ text: String) -> [String] {
    Paragraph.split(text).flatMap { [".PP", escaped($0)] }
  }

  /// Text that roff prints as it is, in ASCII.
  private func escaped(_ text: String) -> String {
    let safe = text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case _ where scalar.isASCII: result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
      }
    }
    return safe.hasPrefix(".") || safe.hasPrefix("'") ? "\\&" + safe : safe
  }

  private func quotedArgument(_ text: String) -> String {
    "\"" + escaped(text).replacing("\"", with: "\\(dq") + "\""
  }
}
