import DSCore
import DSKernels
import Glibc
import Testing

/// The oracle against sums done by hand: everything else is checked against it.
@Suite("The Float64 reference")
struct ReferenceTests {
  private func evaluate(
    _ key: String, _ input: [Double], _ weights: [StageWeights] = [.none],
    residual: [Double]? = nil, pixels: [Int]? = nil
  ) throws -> ReferenceTensor {
    let problem = try Problem(key: key)
    return Reference.evaluate(
      problem, input: ReferenceTensor(shape: problem.input, values: input), weights: weights,
      residual: residual.map { ReferenceTensor(shape: problem.output, values: $0) },
      pixels: pixels)
  }

  private func dot(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
  }

  @Test("Standard: a window over the edges, weights in [row][column][in][out] order")
  func standard() throws {
    // Image rows 1 2 / 3 4; the window has taps 1…9, so that each output names the taps it met.
    let weights = StageWeights(kernel: (1...9).map(Float.init), bias: [100])
    let output = try evaluate(
      "standard 3x3 s1 p1,1 image 2x2x1->1 none f32", [1, 2, 3, 4], [weights])
    let taps: [[Double]] = [[5, 6, 8, 9], [4, 5, 7, 8], [2, 3, 5, 6], [1, 2, 4, 5]]
    #expect(output.values == taps.map { 100 + dot([1, 2, 3, 4], $0) })
  }

  @Test("Standard: channels in and out, stride, an asymmetric padding")
  func strided() throws {
    // One row of three pixels with two channels; the 1×1 window with stride 2 sees the first and last.
    let weights = StageWeights(kernel: [1, 10, 100, 1000], bias: [0, 0.5])
    let output = try evaluate(
      "standard 1x1 s2 p0,0 1x3x2->2 none f32", [1, 2, 3, 4, 5, 6], [weights])
    #expect(output.values == [201, 2010.5, 605, 6050.5])
    let padded = try evaluate(
      "standard 2x2 s2 p0,1 image 1x1x1->1 none f32", [7],
      [StageWeights(kernel: [2, 3, 5, 11], bias: [0])])
    #expect(padded.values == [14])
  }

  @Test("Depthwise: each channel by itself; ReLU before and ReLU6 behind")
  func depthwise() throws {
    let weights = StageWeights(kernel: [1, 10, 2, 20, 3, 30, 4, 40], bias: [0, 1])
    let output = try evaluate(
      "depthwise 2x2 s1 p0,0 2x2x2 none f32", [1, 1, 2, 2, 3, 3, 4, -4], [weights])
    #expect(
      output.values == [
        dot([1, 2, 3, 4], [1, 2, 3, 4]), 1 + dot([1, 2, 3, -4], [10, 20, 30, 40]),
      ])
    let clamped = try evaluate(
      "depthwise 2x2 s1 p0,0 2x2x2 in-relu relu6 f32", [0, 1, 0, 2, 1, 3, -9, -4], [weights])
    #expect(clamped.values == [3, 6])
  }

  @Test("Pointwise: a matrix product, residual added before the activation")
  func pointwise() throws {
    let weights = StageWeights(kernel: [1, 2, 3, 4, 5, 6], bias: [0.5, -0.5, 0])
    let output = try evaluate(
      "pointwise 1x2x2->3 relu residual f32", [1, 10, -1, 0], [weights],
      residual: [1, 1, 1, 2, -2, 0])
    // 1·1 + 10·4 + 0.5 + 1 and so on; the second pixel has −1·1 + 0.5 + 2, −2 − 0.5 − 2 and −3.
    #expect(output.values == [42.5, 52.5, 64, 1.5, 0, 0])
  }

  @Test("Dense: a vector an image")
  func dense() throws {
    let output = try evaluate(
      "dense 2x1x1x2->1 none f32", [1, 2, 3, 4],
      [StageWeights(kernel: [10, 100], bias: [0.25])])
    #expect(output.values == [210.25, 430.25])
  }

  @Test("Maximum pooling: padding is not there; the residual comes after the maximum")
  func maximumPooling() throws {
    let output = try evaluate(
      "maxpool 2x2 s2 p0,1 3x3x1 none residual f32", [-1, -2, -3, -4, -5, -6, -7, -8, -9],
      residual: [10, 20, 30, 40])
    #expect(output.values == [9, 17, 23, 31])
  }

  @Test("Average pooling: over the pixels that are there")
  func averagePooling() throws {
    let output = try evaluate(
      "avgpool 2x2 s2 p0,1 3x3x1 none f32", [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(output.values == [3, 4.5, 7.5, 9])
  }

  @Test("Softmax: exponentials over their sum, safe far from zero")
  func softmax() throws {
    let output = try evaluate("softmax 2x1x1x2 none f32", [0, log(2), 1000, 1000 + log(3)])
    for (value, exact) in zip(output.values, [1.0 / 3, 2.0 / 3, 0.25, 0.75]) {
      #expect((value - exact).magnitude < 1e-12)
    }
  }

  @Test("Separable and inverted: stage after stage, each with its activation")
  func fused() throws {
    let depthwise = StageWeights(kernel: [1, 1, 1, 1], bias: [-5])
    let pointwise = StageWeights(kernel: [2, -2], bias: [1, 1])
    let separable = try evaluate(
      "separable 2x2 s1 p0,0 2x3x1->2 relu,none f32", [1, 1, 2, 1, 1, 3], [depthwise, pointwise])
    #expect(separable.values == [1, 1, 5, -3])
    let inverted = try evaluate(
      "inverted 2x2 s1 p0,0 2x2x1->1->2 relu6,none,none residual f32", [1, 2, 3, 9],
      [StageWeights(kernel: [3], bias: [-2]), depthwise, pointwise], residual: [100, 200])
    // Expanded: 1, 4, 6 (of 7), 6 (of 25); their sum is 17, less 5 is 12, times ±2, 1 more.
    #expect(inverted.values == [125, 177])
  }

  @Test("Only the pixels asked for")
  func pixels() throws {
    let output = try evaluate(
      "pointwise 1x4x1->1 none f32", [1, 2, 3, 4], [StageWeights(kernel: [2], bias: [0])],
      pixels: [1, 3])
    #expect(output.values == [0, 4, 0, 8])
  }

  @Test("The bound is γ of the roundings times the magnitudes, and earlier errors pass through")
  func bounds() throws {
    let unit = 0x1p-24
    let alone = try evaluate(
      "pointwise 1x1x2->1 relu f32", [3, -5], [StageWeights(kernel: [1, 1], bias: [-2])])
    // Three roundings and K = 2 products, on |−2| + |3| + |−5|; the clamp to 0 leaves it as it is.
    #expect(alone.values == [0])
    #expect(alone.bounds == [5 * unit / (1 - 5 * unit) * 10])
    let chained = try evaluate(
      "separable 1x1 s1 p0,0 1x1x1->1 none,none f32", [3],
      [StageWeights(kernel: [1], bias: [0]), StageWeights(kernel: [7], bias: [0])])
    let first = 4 * unit / (1 - 4 * unit) * 3
    #expect(chained.bounds[0] > 7 * first + 4 * unit * 21)
    #expect(chained.bounds[0] < 7 * first * (1 + 1e-6) + 4 * unit * 21 * (1 + 1e-6))
  }
}
