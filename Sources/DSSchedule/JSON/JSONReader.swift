/// Reads strict JSON: no comments, no trailing commas, no duplicate keys, no lone surrogates.
struct JSONReader {
  /// Deeper nesting is refused before it exhausts the stack.
  static let maximumDepth = 128

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("something follows the end of the value") }
    return value
  }

  // MARK: - Bytes

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ character: UnicodeScalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func failure(_ reason: String) -> JSONError {
    let before = bytes[..<min(position, bytes.count)]
    let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
    return JSONError(
      line: 1 + before.count(where: { $0 == 0x0a }), column: 1 + before.count - lineStart,
      reason: position >= bytes.count ? "the text ends too early" : reason,
      isTruncation: position >= bytes.count)
  }

  // MARK: - Values

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    switch byte {
    case UInt8(ascii: "{"):
      return .object(try nested { reader throws(JSONError) in try reader.members() })
    case UInt8(ascii: "["):
      return .array(try nested { reader throws(JSONError) in try reader.elements() })
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || Self.isDigit(byte): return try number()
    default: throw failure("a value was expected here")
    }
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard byte == word.utf8Start[index] else { throw failure("'\(word)' was expected here") }
      position += 1
    }
    return value
  }

  private mutating func nested<Content>(
    _ read: (inout JSONReader) throws(JSONError) -> Content
  ) throws(JSONError) -> Content {
    guard depth < Self.maximumDepth else {
      throw failure("more than \(Self.maximumDepth) values lie inside each other")
    }
    position += 1
    depth += 1
    let content = try read(&self)
    depth -= 1
    return content
  }

  private mutating func elements() throws(JSONError) -> [JSONValue] {
    skipSpace()
    if take("]") { return [] }
    var elements: [JSONValue] = []
    repeat {
      elements.append(try value())
      skipSpace()
    } while take(",")
    guard take("]") else { throw failure("',' or ']' was expected here") }
    return elements
  }

  private mutating func members() throws(JSONError) -> [String: JSONValue] {
    skipSpace()
    if take("}") { return [:] }
    var members: [String: JSONValue] = [:]
    repeat {
      skipSpace()
      guard byte == UInt8(ascii: "\"") else { throw failure("a key in quotes was expected here") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw failure("':' was expected after the key \"\(key)\"") }
      guard members.updateValue(try value(), forKey: key) == nil else {
        throw failure("the key \"\(key)\" stands here twice")
      }
      skipSpace()
    } while take(",")
    guard take("}") else { throw failure("',' or '}' was expected here") }
    return members
  }

  // MARK: - Numbers

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    var isInteger = true
    if take(".") {
      isInteger = false
      try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw failure("the number \(text) is too large")
    }
    return .number(value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte, Self.isDigit(byte) { position += 1 }
    guard position > start else { throw failure("a digit was expected here") }
  }

  // MARK: - Strings

  private mutating func string() throws(JSONError) -> String {
    position += 1
    var units: [UInt8] = []
    while true {
      let start = position
      while let byte, byte != 0x22, byte != 0x5c, byte >= 0x20 { position += 1 }
      units += bytes[start..<position]
      if take("\"") { break }
      guard take("\\") else { throw failure("a control character must be escaped in a string") }
      try escape(into: &units)
    }
    guard let text = String(validating: units, as: UTF8.self) else {
      throw failure("the string is no UTF-8")
    }
    return text
  }

  private mutating func escape(into units: inout [UInt8]) throws(JSONError) {
    guard let escaped = byte else { throw failure("") }
    position += 1
    switch escaped {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): units.append(escaped)
    case UInt8(ascii: "b"): units.append(0x08)
    case UInt8(ascii: "f"): units.append(0x0c)
    case UInt8(ascii: "n"): units.append(0x0a)
    case UInt8(ascii: "r"): units.append(0x0d)
    case UInt8(ascii: "t"): units.append(0x09)
    case UInt8(ascii: "u"): units += String(try unicodeScalar()).utf8
    default: throw failure("this escape is unknown")
    }
  }

  private mutating func unicodeScalar() throws(JSONError) -> Character {
    var code = try hexadecimal()
    if (0xd800..<0xdc00).contains(code) {
      guard take("\\"), take("u") else { throw failure("half a surrogate pair") }
      let low = try hexadecimal()
      guard (0xdc00..<0xe000).contains(low) else { throw failure("half a surrogate pair") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure("half a surrogate pair") }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte, let digit = Character(UnicodeScalar(byte)).hexDigitValue, byte < 0x80 else {
        throw failure("four hexadecimal digits were expected here")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}
