import DSCore

/// The pixels of some channel blocks of a feature map: what one worker reads or writes of it.
public struct MapPart: Hashable, Sendable {
  public var blocks: Range<Int>
  /// Counted through all images of the batch.
  public var pixels: Range<Int>

  public init(blocks: Range<Int>, pixels: Range<Int>) {
    self.blocks = blocks
    self.pixels = pixels
  }

  static let nothing = MapPart(blocks: 0..<0, pixels: 0..<0)

  static func whole(_ layout: TensorLayout) -> MapPart {
    MapPart(blocks: 0..<layout.blockCount, pixels: 0..<layout.shape.pixelCount)
  }

  public var isEmpty: Bool { blocks.isEmpty || pixels.isEmpty }
}
