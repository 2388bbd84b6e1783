/// The shape of a feature map: batch × height × width × channels, in elements.
public struct FeatureShape: Hashable, Sendable {
  public var batch: Int
  public var height: Int
  public var width: Int
  public var channels: Int

  public init(batch: Int = 1, height: Int, width: Int, channels: Int) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Pixels of all images: batch × height × width, the M of a pointwise layer's matrix product.
  public var pixelCount: Int { batch * height * width }
  public var elementCount: Int { pixelCount * channels }
}

extension FeatureShape: CustomStringConvertible {
  /// `112x112x32`, or `8x112x112x32` when the batch is not one.
  public var description: String {
    let image = "\(height)x\(width)x\(channels)"
    return batch == 1 ? image : "\(batch)x\(image)"
  }
}
