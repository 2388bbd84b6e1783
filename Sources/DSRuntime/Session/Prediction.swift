/// What one inference gives.
public struct Prediction: Sendable {
  /// Before the softmax (logits), [batch][classes].
  public let scores: [Float]
  /// [batch][classes]; each image's add up to 1.
  public let probabilities: [Float]
}
