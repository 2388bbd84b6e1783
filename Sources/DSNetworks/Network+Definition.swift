import DSCore

extension Network {
  /// Multiply-adds beyond which a network is refused: days of work on any CPU, and sums stay exact.
  private static let multiplyAddLimit = 1 << 50

  /// Resolves a definition.
  ///
  /// - Throws: `NetworkError` naming the first layer that cannot be, if there is one.
  public init(
    _ definition: NetworkDefinition, batch: Int = 1, elementType: ElementType = .float32
  ) throws(NetworkError) {
    guard (1...Self.largestBatch).contains(batch) else { throw .batchOutOfRange(batch) }
    try Self.checkFrame(of: definition)
    var image = definition.image
    image.batch = batch
    var resolver = NetworkResolver(definition, image: image, elementType: elementType)
    for layer in definition.layers { try resolver.append(layer) }
    self.init(
      definition: definition, input: image, elementType: elementType, layers: resolver.layers)
    try checkWhole(definition)
  }

  private static func checkFrame(of definition: NetworkDefinition) throws(NetworkError) {
    func failure(_ reason: String) -> NetworkError {
      .impossibleNetwork(definition.name, reason: reason)
    }
    let image = definition.image
    if definition.name.isEmpty { throw failure("a network needs a name") }
    if ![image.height, image.width, image.channels].allSatisfy(
      NetworkDefinition.imageExtents.contains)
    {
      throw failure(
        "an input of \(image.height)x\(image.width)x\(image.channels) is not possible:"
          + " every extent must be within \(NetworkDefinition.imageExtents)")
    }
    if !(definition.width > 0 && definition.width.isFinite) {
      throw failure("width \(definition.width) is no multiplier of channel counts")
    }
    if !NetworkDefinition.layerCounts.contains(definition.layers.count) {
      throw failure(
        "it has \(definition.layers.count) layers, and must have \(NetworkDefinition.layerCounts)")
    }
  }

  private func checkWhole(_ definition: NetworkDefinition) throws(NetworkError) {
    func failure(_ reason: String) -> NetworkError {
      .impossibleNetwork(name, reason: reason)
    }
    if let unread = readers.dropLast().firstIndex(of: []) {
      throw failure(
        "nobody reads the output of layer '\(layers[unread].name)': remove it, or name it as"
          + " the 'input' or 'residual' of a later layer")
    }
    var multiplyAdds = 0
    for layer in layers {
      multiplyAdds += layer.stage.multiplyAdds
      if multiplyAdds > Self.multiplyAddLimit {
        throw failure("up to layer '\(layer.name)' it needs more than 2^50 multiply-adds a run")
      }
    }
    guard output.height == 1, output.width == 1, classCount == definition.classes else {
      throw failure(
        "the last layer gives \(output), where \(definition.classes) classes need"
          + " 1x1x\(definition.classes)")
    }
  }
}
