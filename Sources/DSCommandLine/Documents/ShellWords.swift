/// Quoting for the shells that completions are written for.
enum ShellWords {
  /// A word in single quotes for bash and zsh.
  static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// A word in single quotes for fish, where a backslash counts within them.
  static func quotedForFish(_ text: String) -> String {
    "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }

  /// A name that may be part of a shell function's name.
  static func identifier(_ path: [String]) -> String {
    "_" + path.joined(separator: "_").replacing("-", with: "_")
  }
}

extension Flag {
  /// `--threads` and, where there is one, `-t`.
  var spellings: [String] { [spelling] + (short.map { ["-\($0)"] } ?? []) }
}

extension ValueKind {
  /// The words a shell can offer, for the kinds with a fixed set.
  var choices: [String]? {
    if case .choice(let words) = self { words } else { nil }
  }
}
