/// What one inference gives.
public struct Prediction: Sendable {
  /// Before the softmax (logits), [batch][classes].
  public let scores: [Float]
  /// [batch][classes]; each image's add up to 1. Of a network that does not end in a softmax the same as `scores`, and no
  /// probabilities (`Network.endsInSoftmax`).
  public let probabilities: [Float]
}
