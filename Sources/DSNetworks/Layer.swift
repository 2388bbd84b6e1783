import DSCore

/// One layer as it runs: a convolution (or pooling, dense, softmax) with its batch normalisation,
/// activation and residual addition folded into it.
public struct Layer: Sendable, Hashable {
  /// Keras's name; the halves of a separable convolution are `NAME/depthwise` and `NAME/pointwise`.
  public let name: String
  /// The layer's work as a problem of one stage.
  public internal(set) var problem: Problem
  /// The index of the layer whose output this one reads; `nil` is the network's input image.
  public let input: Int?
  /// The index of the layer whose output is added before the activation.
  public let residual: Int?
  /// Where the weights file keeps its tensors; `nil` for a layer without weights.
  public let parameters: LayerParameters?

  /// Shapes, window, activations: the single stage of `problem`.
  public var stage: Stage { problem.stages[0] }
}
