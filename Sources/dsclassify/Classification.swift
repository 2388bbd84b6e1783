import DSCommandLine
import DSRuntime

/// What a network says of one image: for each class a score and, where it ends in a softmax, a probability.
struct Classification {
  /// Before the softmax.
  let scores: [Float]
  /// What its last layer gives: the probabilities, or the scores once more.
  let outputs: [Float]
  let areProbabilities: Bool

  /// - Throws: `RuntimeError`, or `CommandFailure` where the weights drive the network out of Float32's
  ///   range.
  init(_ image: [Float], in session: Session, weights: String) throws {
    do {
      let prediction = try session.prediction(image)
      scores = prediction.scores
      outputs = prediction.probabilities
      areProbabilities = session.plan.network.endsInSoftmax
    } catch {
      throw CommandFailure(error)
    }
    guard scores.allSatisfy(\.isFinite), outputs.allSatisfy(\.isFinite) else {
      throw CommandFailure(
        .unreadableInput,
        "\(weights): give scores beyond Float32's range for this image; "
          + "check the weights and how the image was preprocessed")
    }
  }

  /// Writes one row of values as `.npy`.
  func write(logits: Bool, to path: String) throws(CommandFailure) {
    let values = logits ? scores : outputs
    do {
      try NumpyArray(shape: [1, values.count], values: values).write(to: path)
    } catch {
      throw CommandFailure(
        .machineCannot, error.description, hint: "nothing was overwritten; choose another --output")
    }
  }
}
