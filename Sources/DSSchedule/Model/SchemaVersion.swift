/// The version of the file format: "dstune.schedule/1.2". A reader takes every minor version of its
/// major version.
public struct SchemaVersion: Sendable, Hashable {
  static let prefix = "dstune.schedule/"
  /// What this version of the library writes.
  public static let current = SchemaVersion(major: 1, minor: 2)

  public var major: Int
  public var minor: Int

  public init(major: Int, minor: Int) {
    self.major = major
    self.minor = minor
  }
}

extension SchemaVersion: LosslessStringConvertible {
  public var description: String { "\(Self.prefix)\(major).\(minor)" }

  public init?(_ description: String) {
    guard description.hasPrefix(Self.prefix) else { return nil }
    let numbers = description.dropFirst(Self.prefix.count)
      .split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 2, let major = Int(numbers[0]), let minor = Int(numbers[1]),
      major >= 0, minor >= 0
    else { return nil }
    self.init(major: major, minor: minor)
  }
}

extension FieldType where Value == SchemaVersion {
  static let schemaVersion = FieldType { value throws(FieldError) in
    guard case .string(let text) = value, let version = SchemaVersion(text) else {
      throw FieldError(expected: "a schema like \"\(SchemaVersion.current)\"", found: value)
    }
    return version
  } write: {
    .string($0.description)
  }
}
