import CHwloc

/// Of hwloc, or of the files that it writes.
struct TopologyVersion: Hashable, CustomStringConvertible {
  let major: Int
  let minor: Int

  /// What files without a version are.
  static let oldest = TopologyVersion(major: 1, minor: 0)
  /// Of hwloc 0.9, which nobody has any more.
  static let prehistoric = TopologyVersion(major: 0, minor: 9)

  /// The hwloc that this program runs with.
  static var library: TopologyVersion {
    let number = hwloc_get_api_version()
    return TopologyVersion(major: Int(number >> 16), minor: Int(number >> 8 & 0xff))
  }

  private init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// - Parameter text: "2.0".
  init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let major = UInt16(parts[0]), let minor = UInt16(parts[1]) else {
      return nil
    }
    self.init(major: Int(major), minor: Int(minor))
  }

  /// A file's: every hwloc reads those of its own major version and of older ones.
  func isReadable(by library: TopologyVersion) -> Bool { (1...library.major).contains(major) }

  var description: String { "\(major).\(minor)" }
}
