/// Checks a topology file before hwloc sees it.
///
/// hwloc trusts its files: 2.9 crashes on objects without some of their processor sets, and its
/// parser takes tags apart that are none. So only well-formed elements pass, nested as they should
/// be, with every attribute that hwloc reads unasked.
struct TopologyFile {
  struct Problem: Error {
    var line: Int
    var sentence: String
  }

  private let bytes: [UInt8]
  private var position = 0
  private var openElements: [String] = []
  private var hasRoot = false
  /// Files of hwloc 1 have no version and need fewer attributes.
  private var hasVersion = false

  static func check(_ bytes: [UInt8]) throws(Problem) {
    var file = TopologyFile(bytes: bytes)
    while let start = bytes[file.position...].firstIndex(of: UInt8(ascii: "<")) {
      file.position = start + 1
      try file.readTag()
    }
    if let open = file.openElements.last { throw file.problem("<\(open)> is never closed") }
    if !file.hasRoot { throw file.problem("there is no <topology> in it") }
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  // MARK: - Tags

  private mutating func readTag() throws(Problem) {
    switch peek {
    case UInt8(ascii: "?"), UInt8(ascii: "!"):
      guard openElements.isEmpty else { throw problem("a declaration inside of an element") }
      try skip(past: ">")
    case UInt8(ascii: "/"):
      position += 1
      let name = readName()
      guard name == openElements.popLast(), peek == UInt8(ascii: ">") else {
        throw problem("</\(name)> closes nothing")
      }
      position += 1
    default:
      try readElement()
    }
  }

  private mutating func readElement() throws(Problem) {
    let name = readName()
    let isRoot = !hasRoot
    guard isRoot ? name == "topology" : !name.isEmpty && !openElements.isEmpty else {
      throw problem("<\(name)> where only one <topology> may be")
    }
    hasRoot = true
    var attributes: [String: String] = [:]
    while skipSpace(), let byte = peek, Self.isName(byte) {
      let attribute = readName()
      guard attributes.updateValue(try readValue(), forKey: attribute) == nil else {
        throw problem("\(attribute) is given twice")
      }
    }
    if isRoot { hasVersion = attributes["version"] != nil }
    if name == "object" { try checkObject(attributes) }
    let isClosed = peek == UInt8(ascii: "/")
    if isClosed { position += 1 }
    guard peek == UInt8(ascii: ">") else { throw problem("<\(name)> has no end") }
    position += 1
    if !isClosed { openElements.append(name) }
    guard openElements.count <= Self.deepestNesting else { throw problem("it is nested too deep") }
  }

  private static let deepestNesting = 128

  /// Everything but devices lies on processors and memory nodes.
  private func checkObject(_ attributes: [String: String]) throws(Problem) {
    guard let type = attributes["type"] else { throw problem("an object without a type") }
    let isDevice = ["Bridge", "PCIDev", "OSDev", "Misc"].contains(type)
    for name in ["cpuset", "complete_cpuset", "nodeset", "complete_nodeset"] {
      guard let set = attributes[name] else {
        if isDevice || !hasVersion { continue }
        throw problem("\(type) without \(name)")
      }
      guard !set.isEmpty, set.utf8.allSatisfy(Self.isSet) else {
        throw problem("\(name) \"\(set)\" is no set")
      }
    }
  }

  // MARK: - Characters

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func readName() -> String {
    let start = position
    while let byte = peek, Self.isName(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// `="value"`
  private mutating func readValue() throws(Problem) -> String {
    guard bytes[position...].starts(with: "=\"".utf8) else {
      throw problem("an attribute without a value")
    }
    let start = position + 2
    position = start
    while let byte = peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "<") { position += 1 }
    guard peek == UInt8(ascii: "\"") else { throw problem("a value without an end") }
    position += 1
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  /// Whether there was any.
  private mutating func skipSpace() -> Bool {
    let start = position
    while let byte = peek, [9, 10, 13, 32].contains(byte) { position += 1 }
    return position > start
  }

  private mutating func skip(past character: Unicode.Scalar) throws(Problem) {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: character)) else {
      throw problem("a declaration has no end")
    }
    position = end + 1
  }

  private static func isName(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
    default: false
    }
  }

  /// "0x000f,0xffffffff", with "0xf...f" for all that follow.
  private static func isSet(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 97...102, UInt8(ascii: "x"), UInt8(ascii: ","), UInt8(ascii: "."): true
    default: false
    }
  }

  private func problem(_ sentence: String) -> Problem {
    let line = bytes[..<min(position, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    return Problem(line: line, sentence: sentence)
  }
}
