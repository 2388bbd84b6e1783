import DSCore

/// What a layer costs, beside the standard convolution in whose place it stands.
///
/// A depthwise k×k layer and the pointwise layer that alone reads it replace one k×k standard
/// convolution with the pair's input and output; its cost stands in the row of the pointwise layer,
/// and the depthwise layer's row has zeros. Every other convolution stands for itself.
public struct LayerCost: Sendable, Hashable {
  public let name: String
  public let problem: Problem
  /// Of all images of the batch, padding included, bias and pooling not.
  public let multiplyAdds: Int
  /// Kernel, bias and batch normalisation as Keras counts them: four numbers a channel for the
  /// latter, moving statistics included.
  public let parameters: Int
  /// Of convolutions alone: a dense layer has 0 here, since it is none and replaces none.
  public let standardMultiplyAdds: Int
  /// A dense layer's own parameters count: the network with standard convolutions has it too.
  public let standardParameters: Int
}
