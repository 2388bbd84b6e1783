import DSCore

/// A network as data: what the models are written as and what a network file holds.
///
/// `Network(_:)` resolves its references and computes its shapes.
public struct NetworkDefinition: Sendable, Hashable {
  public var name: String
  /// The multiplier the channel counts were made with; it names the network, nothing multiplies.
  public var width: Double
  /// The input; its batch is 1.
  public var image: FeatureShape
  public var preprocessing: Preprocessing
  /// Scores of the last layer.
  public var classes: Int
  public var layers: [LayerDefinition]

  public init(
    name: String, width: Double = 1, image: FeatureShape,
    preprocessing: Preprocessing = .scaleMinusOneToOne, classes: Int, layers: [LayerDefinition]
  ) {
    self.name = name
    self.width = width
    self.image = image
    self.preprocessing = preprocessing
    self.classes = classes
    self.layers = layers
  }

  static let imageExtents = 1...1 << 20
  static let layerCounts = 1...1 << 12
}
