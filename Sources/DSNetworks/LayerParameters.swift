import DSCore

/// The tensors of one layer in the weights file: their names, and the kernel's shape as stored.
public struct LayerParameters: Sendable, Hashable {
  /// Names the kernel may have: Keras 3's first, then others that are accepted.
  public let kernelNames: [String]
  /// `[kh, kw, in, out]` for standard and pointwise convolutions, `[kh, kw, channels, 1]` for
  /// depthwise ones, `[in, out]` for dense layers (MobileNet v1 keeps its dense layer as a
  /// convolution, `[1, 1, in, out]`).
  public let kernelShape: [Int]
  /// A vector of the output channels, or `nil` where there is no bias.
  public let biasName: String?
  /// The prefix of the batch normalisation that follows; its tensors, one value a channel each, are
  /// `PREFIX/gamma`, `PREFIX/beta`, `PREFIX/moving_mean` and `PREFIX/moving_variance`.
  public let batchNormalization: String?
  /// Whether the batch normalisation has a scale; without one, gamma is 1 and not stored.
  public let hasGamma: Bool

  /// Stored numbers besides the kernel for each output channel.
  var valuesPerChannel: Int {
    (biasName == nil ? 0 : 1) + (batchNormalization == nil ? 0 : hasGamma ? 4 : 3)
  }
}
