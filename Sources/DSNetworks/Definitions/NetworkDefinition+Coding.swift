import DSCore

extension NetworkDefinition: Codable {
  /// The format and its version. No other can be read: keys that are unknown here are refused.
  private static let schema = "dstune.network/1.0"

  private enum Key: String, CodingKey, CaseIterable {
    case schema, name, width, input, preprocessing, classes, layers
  }

  public init(from decoder: any Decoder) throws {
    let object = try decoder.strictContainer(keyedBy: Key.self)
    let schema = try object.decode(String.self, forKey: .schema)
    guard schema == Self.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: object,
        debugDescription: "'\(schema)' cannot be read, only '\(Self.schema)'")
    }
    let extents = try object.integers(3, forKey: .input)
    self.init(
      name: try object.decode(String.self, forKey: .name),
      width: try object.decodeIfPresent(Double.self, forKey: .width) ?? 1,
      image: FeatureShape(height: extents[0], width: extents[1], channels: extents[2]),
      preprocessing: try object.choice(Preprocessing.self, forKey: .preprocessing)
        ?? .scaleMinusOneToOne,
      classes: try object.decode(WholeNumber.self, forKey: .classes).value,
      layers: try object.decode([LayerDefinition].self, forKey: .layers))
  }

  public func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    try object.encode(Self.schema, forKey: .schema)
    try object.encode(name, forKey: .name)
    if width != 1 { try object.encode(width, forKey: .width) }
    try object.encode([image.height, image.width, image.channels], forKey: .input)
    try object.encode(preprocessing.rawValue, forKey: .preprocessing)
    try object.encode(classes, forKey: .classes)
    try object.encode(layers, forKey: .layers)
  }
}
