/// One row of a command's flag table. Parsing, help, the man page and the completions all read it.
///
/// The idea of one table with several readers is that of ripgrep's `flags` module.
public struct Flag: Sendable {
  /// What holds where the flag is not given.
  public enum Default: Sendable, Equatable {
    /// Nothing: typed access returns `nil`.
    case none
    /// Parsed as if it had been written on the command line.
    case value(String)
    /// The command works it out; the words say how, for people.
    case described(String)
  }

  /// The long name without dashes: `threads`.
  public var name: String
  public var short: Character?
  public var value: ValueKind
  /// What stands for the value in help: `N`, `FILE`.
  public var placeholder: String
  /// The heading it is listed under; headings appear in the order of the table.
  public var category: String
  /// One line without a full stop.
  public var summary: String
  /// Further sentences, shown by `--help` and in the man page.
  public var details: String
  public var defaultValue: Default
  public var isRequired: Bool

  public init(
    _ name: String, short: Character? = nil, value: ValueKind = .none, placeholder: String? = nil,
    category: String = "Flags", summary: String, details: String = "",
    default defaultValue: Default = .none, isRequired: Bool = false
  ) {
    self.name = name
    self.short = short
    self.value = value
    self.placeholder = placeholder ?? value.standardPlaceholder
    self.category = category
    self.summary = summary
    self.details = details
    self.defaultValue = defaultValue
    self.isRequired = isRequired
  }
}

extension Flag {
  /// `--threads`
  var spelling: String { "--\(name)" }

  /// `--threads N`
  var usage: String { value == .none ? spelling : "\(spelling) \(placeholder)" }

  /// `-t, --threads N`, with room kept for a short name that is not there.
  var heading: String { (short.map { "-\($0), " } ?? "    ") + usage }

  /// The default as help shows it.
  var defaultText: String? {
    switch defaultValue {
    case .none: nil
    case .value(let text), .described(let text): text
    }
  }

  /// The choices and the default, for the end of a summary.
  var remarks: String {
    var parts: [String] = []
    if case .choice(let words) = value, words.joined(separator: "|") != placeholder {
      parts.append(words.joined(separator: ", "))
    }
    if isRequired { parts.append("required") }
    if let defaultText { parts.append("default: \(defaultText)") }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: "; ")))"
  }
}
