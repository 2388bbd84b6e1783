/// Checks a topology file before hwloc sees it.
///
/// hwloc trusts its files: 2.9 crashes on objects without some of their processor sets, and its parser ends a tag where it does
/// not understand an attribute, with what follows unread. So only well-formed elements pass, spelled as that parser reads them and
/// nested as they should be, with every attribute that hwloc uses unasked. One pass; all it keeps is the open elements' names.
struct TopologyFile {
  struct Problem: Error {
    var line: Int
    var sentence: String
  }

  /// hwloc's own files reach 1 MiB.
  static let mostBytes = 64 << 20
  private static let deepestNesting = 128

  private var version = TopologyVersion.oldest
  private let bytes: [UInt8]
  private var position = 0
  private var openElements: [String] = []
  private var hasRoot = false
  /// Whether the first object, the one around all others, lies on memory nodes; `nil` before it.
  private var machineHasNodes: Bool?

  /// - Returns: The file's version.
  /// - Throws: what hwloc would stumble over. A file of a newer hwloc is not looked at any further.
  static func check(
    _ bytes: [UInt8], for library: TopologyVersion
  ) throws(Problem) -> TopologyVersion {
    var file = try TopologyFile(bytes)
    guard file.version.isReadable(by: library) else { return file.version }
    repeat {
      try file.readTag()
    } while file.nextTag()
    if let open = file.openElements.last { throw file.problem("<\(open)> is never closed") }
    return file.version
  }

  /// Reads up to the root's attributes, which only say the version.
  private init(_ bytes: [UInt8]) throws(Problem) {
    self.bytes = bytes
    if bytes.contains(0) { throw problem("a byte of zero is no text") }
    while nextTag(), peek == UInt8(ascii: "?") || peek == UInt8(ascii: "!") {
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: ">")) else {
        throw problem("a declaration has no end")
      }
      position = end + 1
    }
    let start = position
    let name = readName(Self.isTagName)
    guard name == "topology" || name == "root" else {
      throw problem("there is no <topology> in it")
    }
    // hwloc 0.9 called it <root>, hwloc 1 gave no version.
    let text = try readAttributes(of: name)["version"]
    guard let version = name == "root" ? .prehistoric : text.map(TopologyVersion.init) ?? .oldest
    else { throw problem("\"\(text ?? "")\" is no version of hwloc's files") }
    self.version = version
    position = start
  }

  // MARK: - Tags

  /// Whether there is another one; the position is behind its "<" then.
  private mutating func nextTag() -> Bool {
    guard let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) else { return false }
    position = start + 1
    return true
  }

  private mutating func readTag() throws(Problem) {
    guard peek == UInt8(ascii: "/") else { return try readElement() }
    position += 1
    let name = readName(Self.isTagName)
    guard name == openElements.popLast(), peek == UInt8(ascii: ">") else {
      throw problem("</\(name)> closes nothing")
    }
  }

  private mutating func readElement() throws(Problem) {
    let name = readName(Self.isTagName)
    guard hasRoot ? !name.isEmpty && !openElements.isEmpty : name == "topology" else {
      throw problem("<\(name)> where only one <topology> may be")
    }
    hasRoot = true
    let attributes = try readAttributes(of: name)
    let element = TopologyElement(
      name, attributes, version: version, machineHasNodes: machineHasNodes)
    if let fault = element.fault { throw problem(fault) }
    if name == "object", machineHasNodes == nil { machineHasNodes = element.hasNodes }
    let isClosed = peek == UInt8(ascii: "/")
    if isClosed { position += 1 }
    guard peek == UInt8(ascii: ">") else { throw problem("<\(name)> has no end") }
    if !isClosed { openElements.append(name) }
    guard openElements.count <= Self.deepestNesting else { throw problem("it is nested too deep") }
  }

  private mutating func readAttributes(of element: String) throws(Problem) -> [String: String] {
    var attributes: [String: String] = [:]
    while skipSpace(), let byte = peek, byte != UInt8(ascii: "/"), byte != UInt8(ascii: ">") {
      let name = readName(Self.isAttributeName)
      guard attributes.updateValue(try readValue(of: name, element), forKey: name) == nil else {
        throw problem("\(name) of <\(element)> is given twice")
      }
    }
    return attributes
  }

  // MARK: - Characters

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func readName(_ isName: (UInt8) -> Bool) -> String {
    let start = position
    while let byte = peek, isName(byte) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// `="value"`
  private mutating func readValue(of name: String, _ element: String) throws(Problem) -> String {
    guard !name.isEmpty, bytes[position...].starts(with: "=\"".utf8) else {
      throw problem("<\(element)> has an attribute that is none of hwloc's")
    }
    let start = position + 2
    position = start
    while let byte = peek, byte != UInt8(ascii: "\"") {
      switch byte {
      case UInt8(ascii: "<"), UInt8(ascii: ">"):
        throw problem(
          "\(name) of <\(element)> has no end, or a < or > that is not written &lt; or &gt;")
      case UInt8(ascii: "&"):
        let rest = bytes[(position + 1)...].prefix(5)
        guard Self.entities.contains(where: { rest.starts(with: $0.utf8) }) else {
          throw problem("\(name) of <\(element)> has an & that hwloc does not understand")
        }
      default: break
      }
      position += 1
    }
    guard peek != nil else { throw problem("\(name) of <\(element)> has no end") }
    position += 1
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  private static let entities = ["#10;", "#13;", "#9;", "quot;", "lt;", "gt;", "amp;"]

  /// Whether there was any.
  private mutating func skipSpace() -> Bool {
    let start = position
    while let byte = peek, [9, 10, 32].contains(byte) { position += 1 }
    return position > start
  }

  private static func isTagName(_ byte: UInt8) -> Bool {
    isAttributeName(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isAttributeName(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
  }

  private func problem(_ sentence: String) -> Problem {
    let line = bytes[..<min(position, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1
    return Problem(line: line, sentence: sentence)
  }
}
