/// Processors or memory nodes by their numbers, as a topology file writes them.
struct TopologySet {
  /// Of a processor or memory node; a bit of a higher number would take megabytes.
  static let indexLimit = 1 << 17

  /// Of 32 numbers each, the lowest first; the last is not zero.
  private var words: [UInt32]
  /// Whether all higher numbers are in it.
  private var isInfinite: Bool

  /// - Parameter text: words of 32 bits, the highest first: "0x0000000f,,0xffffffff"; "0xf...f" in front means all that are higher.
  /// - Returns: `nil` for what is no set.
  init?(_ text: String) {
    var parts = text.split(separator: ",", omittingEmptySubsequences: false)[...]
    isInfinite = parts.first == "0xf...f"
    if isInfinite { parts.removeFirst() }
    // hwloc does not count a comma at the beginning, and then ends the process.
    guard parts.first?.isEmpty != true, parts.count <= Self.indexLimit / 32 else { return nil }
    words = []
    for part in parts.reversed() {
      let digits = part.hasPrefix("0x") ? part.dropFirst(2) : part
      // A sign is a number's, not a digit.
      guard part.isEmpty || digits.utf8.first != UInt8(ascii: "+"),
        let word = part.isEmpty ? 0 : UInt32(digits, radix: 16)
      else { return nil }
      words.append(word)
    }
    while words.last == 0 { words.removeLast() }
  }

  var isEmpty: Bool { words.isEmpty && !isInfinite }

  func contains(_ index: Int) -> Bool {
    index / 32 < words.count ? words[index / 32] >> (index % 32) & 1 == 1 : isInfinite
  }

  func isSubset(of other: TopologySet) -> Bool {
    if other.isInfinite { return true }
    return !isInfinite && words.count <= other.words.count
      && zip(words, other.words).allSatisfy { $0 & ~$1 == 0 }
  }
}
