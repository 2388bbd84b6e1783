import DSCore

/// The oracle: every operator as its formula reads, in Float64, with a rigorous bound for Float32 kernels.
///
/// A kernel that adds bias, K products and a residual in any order, fused or not, is within
/// γ_{K+3} · (|bias| + Σ |input · weights| + |residual|) of the exact value, γ_n = n·u / (1 − n·u), u = 2⁻²⁴.
/// Errors of earlier stages pass through with Σ |weights| · bound; a clamp never enlarges them.
/// - Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 3.1,
///   doi:10.1137/1.9780898718027.
public enum Reference {
  static func gamma(_ roundings: Int) -> Double {
    let n = Double(roundings) * 0x1p-24
    return n / (1 - n)
  }

  /// - Parameters:
  ///   - residual: of the output's shape where the problem adds one.
  ///   - pixels: which output pixels to compute, all by default; the others are zero.
  ///   - shouldStop: asked before each pixel; the pixels after its yes are zero.
  public static func evaluate(
    _ problem: Problem, input: ReferenceTensor, weights: [StageWeights],
    residual: ReferenceTensor? = nil, pixels: [Int]? = nil, shouldStop: () -> Bool = { false }
  ) -> ReferenceTensor {
    var tensor = input
    let wanted = pixels.map { pixelsOfEachStage(problem, wanted: $0) }
    for (index, stage) in problem.stages.enumerated() {
      let isLast = index == problem.stages.count - 1
      tensor = evaluate(
        stage, input: tensor, weights: weights[index], residual: isLast ? residual : nil,
        pixels: wanted?[index], shouldStop: shouldStop)
    }
    return tensor
  }

  /// Of every stage the output pixels that `wanted` ones of the last are made of: of a map of 147×147 a few hundred.
  private static func pixelsOfEachStage(_ problem: Problem, wanted: [Int]) -> [[Int]] {
    var pixels = [wanted]
    for stage in problem.stages.dropFirst().reversed() {
      let read = Set(pixels[0].flatMap { ReferenceWindow(stage, pixel: $0).inputPixels })
      pixels.insert(read.sorted(), at: 0)
    }
    return pixels
  }

  private static func evaluate(
    _ stage: Stage, input: ReferenceTensor, weights: StageWeights, residual: ReferenceTensor?,
    pixels: [Int]?, shouldStop: () -> Bool
  ) -> ReferenceTensor {
    if stage.kind == .softmax { return softmax(input) }
    var output = ReferenceTensor(
      shape: stage.output, values: [Double](repeating: 0, count: stage.output.elementCount))
    let clampedInput = clamp(input, stage.inputActivation)
    for pixel in pixels ?? Array(0..<stage.output.pixelCount) where !shouldStop() {
      let window = ReferenceWindow(stage, pixel: pixel)
      switch stage.kind {
      case .standard, .pointwise, .dense:
        window.multiply(clampedInput, weights, residual, into: &output)
      case .depthwise: window.convolve(clampedInput, weights, residual, into: &output)
      case .maximumPooling, .averagePooling: window.pool(clampedInput, residual, into: &output)
      case .softmax: break
      }
    }
    return clamp(output, stage.activation)
  }

  private static func clamp(_ tensor: ReferenceTensor, _ activation: Activation) -> ReferenceTensor
  {
    if activation == .none { return tensor }
    var result = tensor
    let low = Double(activation.lowerBound)
    let high = Double(activation.upperBound)
    for index in result.values.indices where !result.values[index].isNaN {
      result.values[index] = min(high, max(low, result.values[index]))
    }
    return result
  }

  /// IEEE 754-2019's maximum, as NumPy and PyTorch have it: NaN where either is. Swift's `max` is one of the two then.
  static func maximum(_ first: Double, _ second: Double) -> Double {
    first.isNaN || second.isNaN ? .nan : max(first, second)
  }

  /// Exponentials, their sum and the division within 2⁻²⁰ together; the logits' own error multiplies every
  /// output. Below the least normal number a kernel may give 0.
  private static func softmax(_ input: ReferenceTensor) -> ReferenceTensor {
    var output = input
    let channels = input.shape.channels
    for pixel in 0..<input.shape.pixelCount {
      let range = (pixel * channels)..<((pixel + 1) * channels)
      let peak = input.values[range].max() ?? 0
      let exponentials = input.values[range].map { Exponential.of($0 - peak) }
      let total = exponentials.reduce(0, +)
      let spread = 2 * (input.bounds[range].max() ?? 0)
      for (offset, value) in exponentials.enumerated() {
        output.values[range.lowerBound + offset] = value / total
        output.bounds[range.lowerBound + offset] =
          value / total * (0x1p-20 + Exponential.of(spread) - 1) + 0x1p-125
      }
    }
    return output
  }
}
