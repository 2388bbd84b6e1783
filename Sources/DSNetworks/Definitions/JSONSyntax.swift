#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds where a text stops being JSON (RFC 8259), since the decoder says only that it does, and takes either of two
/// values of one key.
struct JSONSyntax {
  struct Fault: Error {
    var offset: Int
    var expected: String
  }

  private let bytes: [UInt8]
  private var offset = 0
  private static let deepest = 256

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// "line 3, column 7: ',' or '}' belongs here", or `nil` if nothing is wrong with the text's form.
  static func fault(in bytes: [UInt8]) -> String? {
    var syntax = JSONSyntax(bytes)
    do throws(Fault) {
      try syntax.value(depth: 0)
      syntax.skipSpace()
      if syntax.offset < bytes.count { throw syntax.fault("the end of the text") }
      return nil
    } catch {
      let before = bytes[..<error.offset]
      let newline = UInt8(ascii: "\n")
      let line = before.count { $0 == newline } + 1
      let column = error.offset - (before.lastIndex(of: newline) ?? -1)
      return "line \(line), column \(column): \(error.expected) belongs here"
    }
  }

  private func fault(_ expected: String) -> Fault { Fault(offset: offset, expected: expected) }

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { offset += 1 }
  }

  private mutating func takes(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  private mutating func value(depth: Int) throws(Fault) {
    if depth > Self.deepest { throw fault("something less deeply nested") }
    if takes("{") {
      var keys: Set<[UInt8]> = []
      try list(until: "}") { syntax throws(Fault) in
        syntax.skipSpace()
        guard syntax.next == UInt8(ascii: "\"") else { throw syntax.fault("a key in quotes") }
        let start = syntax.offset
        try syntax.string()
        guard keys.insert(try syntax.decoded(start..<syntax.offset)).inserted else {
          throw Fault(offset: start, expected: "a key that is not there yet")
        }
        guard syntax.takes(":") else { throw syntax.fault("':'") }
        try syntax.value(depth: depth + 1)
      }
    } else if takes("[") {
      try list(until: "]") { syntax throws(Fault) in try syntax.value(depth: depth + 1) }
    } else if next == UInt8(ascii: "\"") {
      try string()
    } else {
      try word()
    }
  }

  private mutating func list(
    until end: Unicode.Scalar, element: (inout JSONSyntax) throws(Fault) -> Void
  ) throws(Fault) {
    if takes(end) { return }
    repeat { try element(&self) } while takes(",")
    if !takes(end) { throw fault("',' or '\(end)'") }
  }

  private mutating func string() throws(Fault) {
    offset += 1
    while let byte = next, byte != UInt8(ascii: "\"") {
      if byte < 0x20 { throw fault("the closing quote of a string") }
      offset += byte == UInt8(ascii: "\\") ? 2 : 1
    }
    offset = min(offset, bytes.count)
    if next == nil { throw fault("the closing quote of a string") }
    offset += 1
  }

  /// The UTF-8 that a string in quotes stands for: `"kern\u0065l"` is the key `kernel` and no other.
  private func decoded(_ range: Range<Int>) throws(Fault) -> [UInt8] {
    let quoted = bytes[range]
    if !quoted.contains(UInt8(ascii: "\\")) { return Array(quoted.dropFirst().dropLast()) }
    guard let text = try? JSONDecoder().decode(String.self, from: Data(quoted)) else {
      throw Fault(offset: range.lowerBound, expected: "a key whose escapes are those of JSON")
    }
    return Array(text.utf8)
  }

  /// A number, `true`, `false` or `null`.
  private mutating func word() throws(Fault) {
    let start = offset
    while let byte = next, byte > 0x20, !",:[]{}\"".utf8.contains(byte) { offset += 1 }
    let word = String(decoding: bytes[start..<offset], as: UTF8.self)
    let isNumber =
      word.utf8.allSatisfy("0123456789+-.eE".utf8.contains) && Double(word)?.isFinite == true
    if !isNumber && !["true", "false", "null"].contains(word) {
      offset = start
      throw fault("a value")
    }
  }
}
