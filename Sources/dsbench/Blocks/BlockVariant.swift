import DSCore

/// One way to make a feature map of N channels out of one of M with a k×k window.
struct BlockVariant {
  let name: String
  /// Problems in the order they run; each reads what the one before wrote.
  let problems: [Problem]

  var multiplyAdds: Int { problems.reduce(0) { $0 + $1.multiplyAdds } }
  /// Kernel weights and biases.
  var parameters: Int {
    problems.flatMap(\.stages).reduce(0) { $0 + $1.weightCount + $1.outputChannels }
  }

  /// The comparison in Chollet's "Xception" (CVPR 2017, arXiv:1610.02357, sections 1 and 4.7): the standard
  /// convolution, the separable one, and the reverse order of an extreme Inception module, each with and
  /// without an activation between the two halves.
  static func all(
    input: FeatureShape, outputChannels: Int, size: Int
  ) throws(ProblemError) -> [BlockVariant] {
    let window = Window(
      size: size, padding: .same(height: input.height, width: input.width, kernel: size, stride: 1))
    let wide = FeatureShape(
      batch: input.batch, height: input.height, width: input.width, channels: outputChannels)
    func depthwise(_ shape: FeatureShape, _ activation: Activation) -> Stage {
      Stage(.depthwise, input: shape, window: window, activation: activation)
    }
    func pointwise(_ activation: Activation) -> Stage {
      Stage(.pointwise, input: input, outputChannels: outputChannels, activation: activation)
    }
    let standard = Stage(
      .standard, input: input, window: window, outputChannels: outputChannels, activation: .relu)
    var variants = [
      BlockVariant(name: "standard \(size)x\(size)", problems: [try Problem(standard)])
    ]
    for between in [Activation.none, .relu] {
      let suffix = between == .none ? "" : ", ReLU between"
      let halves = [depthwise(input, between), pointwise(.relu)]
      variants.append(
        BlockVariant(
          name: "depthwise → pointwise" + suffix,
          problems: [try Problem(halves[0]), try Problem(halves[1])]))
      variants.append(
        BlockVariant(name: "the same, fused" + suffix, problems: [try Problem(stages: halves)]))
      variants.append(
        BlockVariant(
          name: "pointwise → depthwise" + suffix,
          problems: [try Problem(pointwise(between)), try Problem(depthwise(wide, .relu))]))
    }
    return variants
  }
}
