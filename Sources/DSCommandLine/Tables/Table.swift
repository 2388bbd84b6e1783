/// Rows and columns of text, for people: aligned in a terminal, or as Markdown.
///
///     var table = Table(columns: [.init("problem"), .init("µs", alignment: .right)])
///     table.append(["depthwise 3x3", "31.2"])
///     try console.write(table.text(for: console.terminal))
public struct Table: Sendable {
  public enum Alignment: Sendable { case left, right }

  public struct Column: Sendable {
    public var title: String
    public var alignment: Alignment
    /// Which column goes first where the width does not do for all: the lowest; those without a
    /// priority stay.
    public var priority: Int?
    /// How narrow the column may get, by leaving out the middle of its texts, before any column
    /// goes; `nil` where a shortened text would mislead, as with numbers.
    public var minimumWidth: Int?
    /// Whether it says what a row is, and not what was found: where all rows have the same there, a caption can say it.
    public var isDescriptive: Bool

    public init(
      _ title: String, alignment: Alignment = .left, priority: Int? = nil,
      minimumWidth: Int? = nil, isDescriptive: Bool = false
    ) {
      self.title = title
      self.alignment = alignment
      self.priority = priority
      self.minimumWidth = minimumWidth
      self.isDescriptive = isDescriptive
    }
  }

  public let columns: [Column]
  public private(set) var rows: [[String]] = []

  public init(columns: [Column]) {
    precondition(!columns.isEmpty, "a table needs a column")
    self.columns = columns
  }

  /// Adds a row with one text for each column. Line breaks and control characters are shown as
  /// escapes, so that a row stays a row.
  public mutating func append(_ row: [String]) {
    precondition(
      row.count == columns.count, "\(row.count) texts for \(columns.count) columns: \(row)")
    rows.append(row.map(\.printable))
  }

  /// Set for a terminal, with a bold heading; one line a row, none wider than the terminal as far
  /// as dropping and shortening columns can do it.
  public func text(for terminal: Terminal) -> String {
    let layout = TableLayout(self, width: terminal.width, repertoire: terminal.repertoire)
    var lines = layout.lines
    if !lines.isEmpty { lines[0] = terminal.styled(lines[0], .bold) }
    return lines.map { $0 + "\n" }.joined()
  }

  /// For standard output: fitted to a terminal that somebody watches, and Markdown where it goes to a pipe or a file.
  public func output(for terminal: Terminal) -> String {
    terminal.isInteractive ? text(for: terminal) : markdown()
  }

  /// The same rows without some of the columns.
  public func without(columns hidden: Set<Int>) -> Table {
    let kept = columns.indices.filter { !hidden.contains($0) }
    var table = Table(columns: kept.map { columns[$0] })
    table.rows = rows.map { row in kept.map { row[$0] } }
    return table
  }

  /// The titles of the columns that a terminal of this width has no room for.
  public func hiddenColumns(for terminal: Terminal) -> [String] {
    let layout = TableLayout(self, width: terminal.width, repertoire: terminal.repertoire)
    return columns.indices.filter { !layout.visible.contains($0) }.map { columns[$0].title }
  }

  /// GitHub's Markdown, with every column, padded so that the source reads well too.
  public func markdown() -> String {
    let cells = ([columns.map(\.title)] + rows).map { row in
      row.map(Self.escapedForMarkdown)
    }
    let widths = columns.indices.map { index in
      max(3, cells.map { $0[index].displayWidth }.max() ?? 0)
    }
    var lines = cells.map { row in
      columns.indices.map { aligned(row[$0], column: $0, width: widths[$0]) }
    }
    let rule = columns.indices.map { index in
      let dashes = String(repeating: "-", count: widths[index] - 1)
      return columns[index].alignment == .right ? dashes + ":" : dashes + "-"
    }
    lines.insert(rule, at: 1)
    return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// GitHub takes a bar for a cell's end, and what follows `<` for HTML.
  private static func escapedForMarkdown(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("<", with: "&lt;")
  }

  func aligned(_ text: String, column: Int, width: Int) -> String {
    columns[column].alignment == .right ? text.indented(to: width) : text.padded(to: width)
  }
}
