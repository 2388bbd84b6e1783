/// What a definition says of a layer's tensors in the weights file.
public struct TensorNames: Sendable, Hashable {
  /// Accepted names of the kernel; `LAYER/kernel` if empty (and `LAYER/depthwise_kernel`, as Keras 2
  /// calls it, for a depthwise layer).
  public var kernel: [String]
  /// The kernel's shape as stored, where it is not the usual one of its kind.
  public var kernelShape: [Int]?
  public var bias: String?
  /// The prefix of the batch normalisation's tensors.
  public var batchNormalization: String?
  /// Whether that batch normalisation has a gamma.
  public var hasGamma: Bool

  public init(
    kernel: [String] = [], kernelShape: [Int]? = nil, bias: String? = nil,
    batchNormalization: String? = nil, hasGamma: Bool = true
  ) {
    self.kernel = kernel
    self.kernelShape = kernelShape
    self.bias = bias
    self.batchNormalization = batchNormalization
    self.hasGamma = hasGamma
  }

  /// A kernel without bias, then batch normalisation: what nearly every convolution here has.
  static func normalized(_ prefix: String) -> TensorNames {
    TensorNames(batchNormalization: prefix)
  }
}
