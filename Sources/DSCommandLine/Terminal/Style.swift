/// How a word stands out. Never the only carrier of a meaning.
public enum Style: String, Sendable {
  case bold = "1"
  case dim = "2"
  case red = "31"
  case green = "32"
  case yellow = "33"
  case cyan = "36"
}

extension Terminal {
  /// The text in these styles (ECMA-48 SGR), or plain where styles are not wanted.
  public func styled(_ text: String, _ styles: Style...) -> String {
    guard hasStyles, !styles.isEmpty, !text.isEmpty else { return text }
    return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
