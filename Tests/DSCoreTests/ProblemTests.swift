import DSCore
import Testing

@Suite struct ProblemTests {
  static let image = FeatureShape(height: 8, width: 8, channels: 4)

  @Test func `fused stages must fit each other`() throws {
    let depthwise = Stage(
      .depthwise, input: Self.image, window: Window(size: 3, padding: .init(before: 1, after: 1)))
    let pointwise = Stage(.pointwise, input: Self.image, outputChannels: 6)
    #expect(try Problem(stages: [depthwise, pointwise]).operation == .separable)

    var other = pointwise
    other.input.height = 7
    #expect(throws: ProblemError.self) { try Problem(stages: [depthwise, other]) }
    other = pointwise
    other.inputActivation = .relu
    #expect(throws: ProblemError.self) { try Problem(stages: [depthwise, other]) }
    other = depthwise
    other.addsResidual = true
    #expect(throws: ProblemError.self) { try Problem(stages: [other, pointwise]) }
    #expect(throws: ProblemError.self) { try Problem(stages: [pointwise, depthwise]) }
    #expect(throws: ProblemError.self) { try Problem(stages: []) }
  }

  @Test func `work and traffic are counted by hand`() throws {
    let key = "separable 3x3 s2 p0,1 8x8x4->6 relu6,relu6 f32"
    let problem = try Problem(key: key)
    #expect(problem.multiplyAdds == 4 * 4 * (9 * 4 + 4 * 6))
    #expect(problem.flops == 2 * problem.multiplyAdds)
    // Input, depthwise weights and bias, pointwise weights and bias, output.
    let elements = 8 * 8 * 4 + (9 * 4 + 4) + (4 * 6 + 6) + 4 * 4 * 6
    #expect(problem.compulsoryBytes == 4 * elements)
  }

  @Test(arguments: 1...40, 1...7)
  func `same padding gives the rounded-up quotient with the least padding`(
    extent: Int, kernel: Int
  ) {
    for stride in 1...4 {
      let padding = Padding.same(height: extent, width: extent + 3, kernel: kernel, stride: stride)
      for (size, before, after) in [
        (extent, padding.top, padding.bottom), (extent + 3, padding.left, padding.right),
      ] {
        let outputs = (0..<size).count { $0.isMultiple(of: stride) }
        // The least total for which that many windows fit, found by trying.
        let least = (0...).first { size + $0 >= (outputs - 1) * stride + kernel }
        #expect(before + after == least)
        #expect(after - before == 0 || after - before == 1)
      }
      let window = Window(size: kernel, stride: stride, padding: padding)
      if padding.top < kernel, padding.bottom < kernel {
        #expect(window.outputHeight(extent) == (extent + stride - 1) / stride)
      }
    }
  }

  /// Keras's MobileNet v2 pads by ((1 − even, 1), (1 − even, 1)) and convolves unpadded.
  @Test(arguments: 1...64)
  func `for strided 3x3 windows it is what Keras's networks pad with`(extent: Int) {
    let padding = Padding.same(height: extent, width: extent, kernel: 3, stride: 2)
    #expect(padding == Padding(before: extent.isMultiple(of: 2) ? 0 : 1, after: 1))
  }
}
