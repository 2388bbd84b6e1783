/// Where the elements of a feature map lie: [C / block][N][H][W][block], "NCHW16c" with block 16.
///
/// One pixel of one channel block is one vector (and on AVX-512 one cache line). Images of a batch
/// follow each other inside a plane, so a pointwise layer sees one matrix of `pixelCount` rows.
/// The last block is padded with channels of zeros, which kernels write too.
/// Source: Liu et al., "Optimizing CNN Model Inference on CPUs" (NeoCPU), USENIX ATC 2019.
public struct TensorLayout: Hashable, Sendable {
  public let shape: FeatureShape
  /// Channels in one block.
  public let channelBlock: Int
  public let elementType: ElementType
  /// Bytes from one channel block's plane to the next.
  public let planeBytes: Int

  public init(shape: FeatureShape, channelBlock: Int, elementType: ElementType = .float32) {
    precondition(channelBlock > 0, "channel block \(channelBlock)")
    self.shape = shape
    self.channelBlock = channelBlock
    self.elementType = elementType
    let pixelBytes = channelBlock * elementType.byteCount
    let bytes = (shape.pixelCount * pixelBytes + 63) / 64 * 64
    // Planes a multiple of 4 KiB apart would put the same pixel of all blocks into one L1 set.
    planeBytes = bytes % 4096 == 0 && bytes > 0 ? bytes + 64 : bytes
  }

  public var blockCount: Int { (shape.channels + channelBlock - 1) / channelBlock }
  public var pixelBytes: Int { channelBlock * elementType.byteCount }
  public var byteCount: Int { planeBytes * blockCount }

  /// Bytes from the tensor's start to channel `channel` of pixel (`image`, `row`, `column`).
  public func byteOffset(image: Int = 0, row: Int, column: Int, channel: Int) -> Int {
    byteOffset(pixel: (image * shape.height + row) * shape.width + column, channel: channel)
  }

  /// The same, with the pixels of all images counted through.
  public func byteOffset(pixel: Int, channel: Int) -> Int {
    channel / channelBlock * planeBytes + pixel * pixelBytes
      + channel % channelBlock * elementType.byteCount
  }
}
