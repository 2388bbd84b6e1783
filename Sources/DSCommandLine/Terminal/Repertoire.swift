/// The characters that the locale lets a terminal show.
public enum Repertoire: Sendable, Equatable {
  case unicode
  case ascii

  /// Reads `LC_ALL`, `LC_CTYPE` and `LANG` in POSIX's order; no locale at all means ASCII.
  public init(environment: (String) -> String?) {
    let locales = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap(environment)
    let encoding = (locales.first { !$0.isEmpty } ?? "").lowercased()
    self = encoding.contains("utf-8") || encoding.contains("utf8") ? .unicode : .ascii
  }

  private static let substitutes: [Character: String] = [
    "µ": "u", "μ": "u", "×": "x", "…": "..", "–": "-", "—": "-", "−": "-", "±": "+-", "→": "->",
    "≤": "<=", "≥": ">=", "≈": "~", "·": "*", "‘": "'", "’": "'", "“": "\"", "”": "\"", "α": "a",
    "²": "2", "σ": "s", "ε": "e",
  ]

  /// The text in characters of this repertoire; what has no likeness becomes `?`.
  public func shown(_ text: String) -> String {
    guard self == .ascii, !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
    return text.reduce(into: "") { result, character in
      result += character.isASCII ? String(character) : Self.substitutes[character] ?? "?"
    }
  }

  /// The mark of something left out.
  public var ellipsis: String { shown("…") }
}
