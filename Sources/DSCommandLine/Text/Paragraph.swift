/// Running text set in lines of a width.
struct Paragraph {
  /// Words broken into lines of at most `width` columns; a longer word has a line of its own.
  static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      if line.isEmpty {
        line = String(word)
      } else if line.displayWidth + 1 + word.displayWidth <= width {
        line += " \(word)"
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// The paragraphs of a text, which empty lines separate; lines within one are joined.
  static func split(_ text: String) -> [String] {
    var paragraphs: [String] = []
    var current: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        if !current.isEmpty { paragraphs.append(current.joined(separator: " ")) }
        current = []
      } else {
        current.append(line)
      }
    }
    if !current.isEmpty { paragraphs.append(current.joined(separator: " ")) }
    return paragraphs
  }

  /// A text in lines, each after an indent; a deeper one for all but the first.
  static func indented(
    _ text: String, width: Int, indent: Int, hanging: Int? = nil
  ) -> [String] {
    let rest = hanging ?? indent
    let lines = Paragraph.lines(text, width: max(8, width - max(indent, rest)))
    return lines.enumerated().map { index, line in
      String(repeating: " ", count: index == 0 ? indent : rest) + line
    }
  }

  /// A shell line broken before words with `\`, so that it can still be pasted.
  static func shellLines(_ line: String, width: Int, indent: Int) -> [String] {
    let lines = Paragraph.lines(line, width: max(8, width - indent - 4))
    return lines.enumerated().map { index, text in
      let margin = String(repeating: " ", count: index == 0 ? indent : indent + 2)
      return margin + text + (index < lines.count - 1 ? " \\" : "")
    }
  }
}
