import DSCommandLine

/// How a command hands over what it has to say.
enum OutputForm {
  case json
  /// Where it is asked for, and where nobody watches: GitHub's Markdown.
  case markdown
  /// Fitted to a terminal.
  case fitted

  /// Of the flag `--format`, which the command must have.
  init(_ arguments: Arguments, _ console: Console) {
    let isAsked = arguments.flag("format")
    if arguments.string("format") == "json" {
      self = .json
    } else {
      self = isAsked ? .markdown : Self(console)
    }
  }

  /// Of commands that have no choice of formats.
  init(_ console: Console) {
    self = console.terminal.width == nil ? .markdown : .fitted
  }
}

extension Console {
  func write(_ table: Table, in form: OutputForm) throws {
    try write(form == .fitted ? table.text(for: terminal) : table.markdown())
  }

  /// Sentences below a table: lines in a terminal, a list in Markdown, where lines would run together.
  func write(_ sentences: [String], in form: OutputForm) throws {
    if sentences.isEmpty { return }
    let lines =
      form == .fitted ? sentences.map(terminal.repertoire.shown) : sentences.map { "- " + $0 }
    try write("\n" + lines.map { $0 + "\n" }.joined())
  }
}
