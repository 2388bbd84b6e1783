extension StringProtocol {
  /// Columns the text takes in a terminal: two for wide characters (East Asian, emoji), else one.
  var displayWidth: Int {
    if utf8.allSatisfy({ $0 < 0x80 }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }

  /// The text with spaces after it up to a width.
  func padded(to width: Int) -> String {
    String(self) + String(repeating: " ", count: Swift.max(0, width - displayWidth))
  }

  /// The text with spaces before it up to a width.
  func indented(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - displayWidth)) + String(self)
  }

  /// The text with its middle left out so that it takes at most `width` columns. Both ends stay,
  /// since names such as kernel ids differ at either.
  func shortened(to width: Int, ellipsis: String) -> String {
    guard displayWidth > width else { return String(self) }
    let room = width - ellipsis.displayWidth
    guard room > 0 else { return String(prefix(Swift.max(0, width))) }
    var head = String(prefix((room + 1) / 2))
    var tail = String(suffix(room / 2))
    while head.displayWidth + tail.displayWidth > room {
      if head.displayWidth > tail.displayWidth { head.removeLast() } else { tail.removeFirst() }
    }
    return head + ellipsis + tail
  }
}

extension Character {
  /// Ranges of the Unicode East Asian Width property (UAX #11) with value W or F, merged coarsely.
  private static let wideScalars: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
    0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD,
  ]

  fileprivate var displayWidth: Int {
    guard let scalar = unicodeScalars.first?.value, scalar >= 0x1100 else { return 1 }
    return Self.wideScalars.contains { $0.contains(scalar) } ? 2 : 1
  }
}
