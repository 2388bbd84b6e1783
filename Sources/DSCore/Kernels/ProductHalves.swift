/// Where Strassen's algorithm cuts a pointwise product: input channels in two halves, output channels in two halves
/// and a rest that is multiplied as it is, pixels in pairs.
///
/// Always inlined, for the same reason as `Split`.
@frozen
public struct ProductHalves: Hashable, Sendable {
  /// How many products of halves there are.
  @inlinable @inline(always)
  public static var productCount: Int { 7 }

  /// Input channels of the first half, whole channel blocks.
  public let depth: Int
  /// Input channels of the second half; never more than of the first.
  public let secondDepth: Int
  /// Vectors of output channels in each half, none of them padded.
  public let vectors: Int
  /// Vectors of output channels that belong to no half, the last one perhaps padded.
  public let restVectors: Int
  public let lanes: Int

  @inlinable @inline(always)
  public init(inputChannels: Int, outputChannels: Int, lanes: Int) {
    depth = ((inputChannels + lanes - 1) / lanes + 1) / 2 * lanes
    secondDepth = inputChannels - depth
    vectors = outputChannels / lanes / 2
    restVectors = (outputChannels + lanes - 1) / lanes - 2 * vectors
    self.lanes = lanes
  }

  /// The K of a product: that of the second half where its weights are those of the second half alone.
  @inlinable @inline(always)
  public func depth(ofProduct product: Int) -> Int {
    product == 3 || product == 4 || product == 6 ? secondDepth : depth
  }

  /// Whether there are two halves of everything.
  @inlinable @inline(always)
  public var isPossible: Bool { secondDepth > 0 && vectors > 0 }
}

extension ProductHalves {
  /// Rows of one vector in a panel: the biases of both halves, then for each product a bias of zeros and the weights.
  @inlinable @inline(always)
  public var panelRows: Int { 2 + Self.productCount * (depth + 1) }

  /// Rows of one vector before a product's weights.
  @inlinable @inline(always)
  public func firstPanelRow(ofProduct product: Int) -> Int { 2 + product * (depth + 1) }

  /// What the products of a map take, padding not counted.
  public func multiplyAdds(_ map: FeatureShape) -> Int {
    let rows = (0..<Self.productCount).reduce(0) { $0 + depth(ofProduct: $1) }
    let rest = map.pixelCount * (depth + secondDepth) * restVectors
    return lanes * (PixelPairs(map).count * rows * vectors + rest)
  }
}
