import DSCore

/// The network a schedule was made for.
public struct NetworkIdentity: Sendable, Equatable {
  public var name: String
  /// The width multiplier α.
  public var width: Double
  /// Height and width of the input image in pixels.
  public var resolution: Int
  public var batch: Int
  public var elementType: ElementType
  public var unknown: [String: JSONValue] = [:]

  public init(
    name: String, width: Double = 1, resolution: Int, batch: Int = 1,
    elementType: ElementType = .float32
  ) {
    self.name = name
    self.width = width
    self.resolution = resolution
    self.batch = batch
    self.elementType = elementType
  }
}

extension NetworkIdentity: FileObject {
  init() { self.init(name: "", resolution: 1) }

  static let fields: [FileField<NetworkIdentity>] = [
    .required("name", \.name, .text),
    .required("width", \.width, .magnitude),
    .required("resolution", \.resolution, .integer(atLeast: 1)),
    .defaulted("batch", \.batch, .integer(atLeast: 1), 1),
    .required("dtype", \.elementType, .name),
  ]
}
