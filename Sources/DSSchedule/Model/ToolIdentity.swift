/// What made a schedule.
public struct ToolIdentity: Sendable, Equatable {
  public var version: String
  /// A hash over all kernels' compatibility hashes.
  public var registry: String
  public var unknown: [String: JSONValue] = [:]

  public init(version: String, registry: String) {
    self.version = version
    self.registry = registry
  }

  /// Version of this package.
  public static let packageVersion = "0.1.0"
}

extension ToolIdentity: FileObject {
  init() { self.init(version: "", registry: "") }

  static let fields: [FileField<ToolIdentity>] = [
    .required("version", \.version, .text),
    .required("registry", \.registry, .text),
  ]
}
