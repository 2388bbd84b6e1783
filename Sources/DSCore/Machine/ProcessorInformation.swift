/// What the kernel says of one processor: the "name : value" lines of /proc/cpuinfo.
package struct ProcessorInformation: Sendable {
  /// The vendor where nothing says who made a CPU; `MachineDescription.cpu` is then "unknown/0/0".
  package static let unknown = "unknown"

  private let lines: [String: String]

  /// - Parameter text: the whole file.
  package init(processor: Int, in text: String) {
    var lines: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = Self.trimmed(line[..<colon])
      if name == "processor", lines["processor"] == String(processor) { break }
      if name == "processor" { lines.removeAll() }
      lines[name] = Self.trimmed(line[line.index(after: colon)...])
    }
    self.lines = lines
  }

  package subscript(name: String) -> String? { lines[name] }

  /// "0x41/8/0xd85"; `nil` where the processor is no Arm.
  package var armIdentity: String? {
    self["CPU implementer"].map {
      Self.armIdentity(
        implementer: $0, architecture: self["CPU architecture"], part: self["CPU part"])
    }
  }

  package static func armIdentity(
    implementer: String, architecture: String?, part: String?
  ) -> String {
    "\(implementer)/\(architecture ?? "0")/\(part ?? "0")"
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}
