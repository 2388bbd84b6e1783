import DSCore

/// How far a pointwise product by Strassen's algorithm may be from the exact one, in Float32.
///
/// Each of the seven products' operands are sums of two numbers, rounded once: it is off by at most
/// γ_{K/2+3} · Σ_k (|a| + |a'|)(|w| + |w'|). An output adds up to four products, the bias and the residual: γ_{K/2+9} of all
/// their magnitudes. That is more than the formula's own bound where a pixel is much smaller than the one it is
/// paired with.
/// - Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., SIAM 2002, section 23.2.2 (by norms there),
///   doi:10.1137/1.9780898718027.
struct StrassenBound {
  private let stage: Stage
  private let halves: ProductHalves
  private let input: ReferenceTensor
  private let weights: StageWeights

  /// - Parameter input: exact.
  init(_ stage: Stage, _ halves: ProductHalves, input: ReferenceTensor, weights: StageWeights) {
    self.stage = stage
    self.halves = halves
    self.input = input
    self.weights = weights
  }

  /// Channels of each half of the output.
  private var half: Int { halves.vectors * halves.lanes }

  /// Replaces the bounds of an output pixel, for the channels of both halves.
  func apply(to output: inout ReferenceTensor, residual: ReferenceTensor?, pixel: Int) {
    let gamma = Reference.gamma(halves.depth + 9)
    let magnitudes = magnitudes(pixel: pixel)
    for channel in 0..<(2 * half) {
      let index = pixel * stage.outputChannels + channel
      let added = Double(weights.bias[channel]).magnitude + (residual?.values[index].magnitude ?? 0)
      output.bounds[index] = gamma * (magnitudes[channel] + added)
    }
  }

  /// Of all products in each of the pixel's outputs, Σ_k of the operands' magnitudes.
  private func magnitudes(pixel: Int) -> [Double] {
    let inputs = stage.input.channels
    let inImage = pixel % (stage.output.height * stage.output.width)
    // The last of an odd number is the second of a pair with the one before.
    let isLast = inImage == stage.output.height * stage.output.width - 1
    let isSecond = inImage % 2 == 1 || isLast
    let first = (isSecond ? pixel - 1 : pixel) * inputs
    var sums = [Double](repeating: 0, count: 2 * half)
    for k in 0..<halves.depth {
      let hasLower = k < halves.secondDepth
      func value(_ pixel: Int, _ channel: Int) -> Double {
        channel < inputs ? input.values[first + pixel * inputs + channel].magnitude : 0
      }
      let (a11, a12) = (value(0, k), value(0, k + halves.depth))
      let (a21, a22) = (value(1, k), value(1, k + halves.depth))
      // What each of the products is multiplied by: weights of the upper and lower, left and right half.
      let operands = (a11 + a22, a21 + a22, a11, a22, a11 + a12, a21 + a11, a12 + a22)
      let upper = k * stage.outputChannels
      let lower = hasLower ? upper + halves.depth * stage.outputChannels : nil
      add(operands, upper: upper, lower: lower, isSecond: isSecond, to: &sums)
    }
    return sums
  }

  private typealias Operands = (Double, Double, Double, Double, Double, Double, Double)

  private func add(
    _ a: Operands, upper: Int, lower: Int?, isSecond: Bool, to sums: inout [Double]
  ) {
    weights.kernel.withUnsafeBufferPointer { kernel in
      sums.withUnsafeMutableBufferPointer { sums in
        for n in 0..<half {
          let w11 = Double(kernel[upper + n].magnitude)
          let w12 = Double(kernel[upper + half + n].magnitude)
          let w21 = lower.map { Double(kernel[$0 + n].magnitude) } ?? 0
          let w22 = lower.map { Double(kernel[$0 + half + n].magnitude) } ?? 0
          if isSecond {
            sums[n] += a.1 * w11 + a.3 * (w21 + w11)
            sums[half + n] +=
              a.0 * (w11 + w22) + a.1 * w11 + a.2 * (w12 + w22) + a.5 * (w11 + w12)
          } else {
            sums[n] +=
              a.0 * (w11 + w22) + a.3 * (w21 + w11) + a.4 * w22 + a.6 * (w21 + w22)
            sums[half + n] += a.2 * (w12 + w22) + a.4 * w22
          }
        }
      }
    }
  }
}

extension Kernel {
  /// `exact`, which has the bounds of the formula's own products, with this kernel's.
  ///
  /// - Parameters:
  ///   - exact: what `Reference.evaluate` gives for the same tensors and pixels.
  ///   - pixels: of the output, all by default.
  public func bounding(
    _ exact: ReferenceTensor, _ problem: Problem, input: ReferenceTensor, weights: [StageWeights],
    residual: ReferenceTensor? = nil, pixels: [Int]? = nil
  ) -> ReferenceTensor {
    guard let halves = halves?(problem) else { return exact }
    let bound = StrassenBound(problem.stages[0], halves, input: input, weights: weights[0])
    var result = exact
    for pixel in pixels ?? Array(0..<problem.output.pixelCount) {
      bound.apply(to: &result, residual: residual, pixel: pixel)
    }
    return result
  }
}
