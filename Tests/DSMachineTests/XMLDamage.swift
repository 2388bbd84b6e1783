import DSCore

/// Damages XML as accidents and malice do: in its attributes, its elements, and anywhere.
struct XMLDamage {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private static let values = [
    "", "0", "1", "-1", "2", "7", "65535", "131071", "131072", "4294967295", "4294967296",
    "18446744073709551615", "0x0", "0x1", "0x3", "0x80000000", "0xffffffff,0xffffffff", "0xf...f",
    "0xf...f,0x0", "0x1,,,0x1", ",", "0x", "Machine", "NUMANode", "PU", "Core", "Package", "Group",
    "L3Cache", "L1iCache", "Cache", "Misc", "PCIDev", "Bridge", "OSDev", "MemCache", "Die",
    "System",
  ]

  /// One to four faults.
  mutating func damaged(_ text: [UInt8]) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !text.isEmpty { damage(&text) }
    return text
  }

  private mutating func damage(_ text: inout [UInt8]) {
    switch Int.random(in: 0..<10, using: &generator) {
    case 0, 1: change(&text) { _, _ in [] }  // an attribute less
    case 2: change(&text) { name, value in name + value + [0x20] + name + value }
    case 3, 4, 5:
      let value = Self.values.randomElement(using: &generator) ?? ""
      change(&text) { name, _ in name + Array("=\"\(value)\"".utf8) }
    case 6: changeElement(&text) { _ in [] }
    case 7: changeElement(&text) { $0 + $0 }
    case 8:
      let cut = text.indices.randomElement(using: &generator) ?? 0
      text.removeSubrange(cut..<min(text.count, cut + Int.random(in: 1...400, using: &generator)))
    default:
      let place = text.indices.randomElement(using: &generator) ?? 0
      text[place] = UInt8.random(in: 0...255, using: &generator)
    }
  }

  /// Replaces the name and the value, quotes and equals sign with it, of an attribute somewhere.
  private mutating func change(
    _ text: inout [UInt8], _ replaced: ([UInt8], [UInt8]) -> [UInt8]
  ) {
    let start = text.indices.randomElement(using: &generator) ?? 0
    let quote = UInt8(ascii: "\"")
    guard let equals = text[start...].firstIndex(of: UInt8(ascii: "=")), equals + 1 < text.count,
      text[equals + 1] == quote, let end = text[(equals + 2)...].firstIndex(of: quote),
      let space = text[..<equals].lastIndex(of: UInt8(ascii: " "))
    else { return }
    let name = Array(text[(space + 1)..<equals])
    text.replaceSubrange((space + 1)...end, with: replaced(name, Array(text[equals...end])))
  }

  /// Replaces a tag, or what is from one to a later one.
  private mutating func changeElement(_ text: inout [UInt8], _ replaced: ([UInt8]) -> [UInt8]) {
    let start = text.indices.randomElement(using: &generator) ?? 0
    guard let open = text[start...].firstIndex(of: UInt8(ascii: "<")) else { return }
    var close = open
    for _ in 0...Int.random(in: 0...3, using: &generator) {
      close = text[(close + 1)...].firstIndex(of: UInt8(ascii: ">")) ?? close
    }
    text.replaceSubrange(open...close, with: replaced(Array(text[open...close])))
  }
}
