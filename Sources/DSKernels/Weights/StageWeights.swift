import DSCore

/// The weights of one stage before packing, batch normalisation already folded in.
public struct StageWeights: Sendable {
  /// [kh][kw][in][out] for standard, pointwise and dense stages; [kh][kw][channel] for depthwise.
  public var kernel: [Float]
  /// One value for each output channel.
  public var bias: [Float]

  public init(kernel: [Float], bias: [Float]) {
    self.kernel = kernel
    self.bias = bias
  }

  /// For stages without weights (pooling, softmax).
  public static let none = StageWeights(kernel: [], bias: [])

  /// Whether the arrays have the lengths that `stage` needs.
  public func fits(_ stage: Stage) -> Bool {
    stage.hasWeights
      ? kernel.count == stage.weightCount && bias.count == stage.outputChannels
      : kernel.isEmpty && bias.isEmpty
  }
}
