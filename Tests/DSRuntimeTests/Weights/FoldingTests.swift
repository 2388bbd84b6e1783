import DSRuntime
import TestSupport
import Testing

@Suite struct FoldingTests {
  /// A kernel of two rows and two channels, with every parameter a different number.
  private func file(
    epsilon: String = "0.25", variance: [Float] = [2, 0.75], last: Float = 11
  ) -> SafeTensorsFile {
    var file = SafeTensorsFile(metadata: ["epsilon": epsilon])
    file.add("conv/kernel", shape: [1, 1, 2, 2], [0.1, -0.7, 3, last])
    file.add("conv/bias", shape: [2], [0.3, -2])
    file.add("bn/gamma", shape: [2], [1.1, -0.9])
    file.add("bn/beta", shape: [2], [0.01, 5])
    file.add("bn/moving_mean", shape: [2], [0.2, 1.7])
    file.add("bn/moving_variance", shape: [2], variance)
    return file
  }

  private func folded(
    _ file: SafeTensorsFile, bias: Bool = false, gamma: Bool = true, normalised: Bool = true
  ) throws -> FoldedConvolution {
    try Fixtures.withFile(file.bytes) { path in
      try WeightFile(path: path).foldedConvolution(
        kernelNames: ["conv/kernel"], kernelShape: [1, 1, 2, 2], fanIn: 2,
        biasName: bias ? "conv/bias" : nil, batchNormalization: normalised ? "bn" : nil,
        hasGamma: gamma)
    }
  }

  /// The definition of batch normalisation, applied to what a convolution with unit inputs gives.
  private func normalised(
    _ value: Float, _ channel: Int, gamma: [Float] = [1.1, -0.9]
  ) -> Double {
    let (mean, variance, beta) = ([Float(0.2), 1.7], [Float(2), 0.75], [Float(0.01), 5])
    let deviation = (Double(variance[channel]) + 0.25).squareRoot()
    return Double(gamma[channel]) * (Double(value) - Double(mean[channel])) / deviation
      + Double(beta[channel])
  }

  @Test func equalsTheDefinitionRoundedOnce() throws {
    let result = try folded(file())
    // Deviations are 1.5 and 1 by construction.
    let scale = [Double(Float(1.1)) / 1.5, Double(Float(-0.9))]
    let kernel: [Float] = [0.1, -0.7, 3, 11]
    #expect(result.weights == kernel.indices.map { Float(Double(kernel[$0]) * scale[$0 % 2]) })
    #expect(result.bias == [Float(normalised(0, 0)), Float(normalised(0, 1))])
  }

  @Test func theLayersOwnBiasIsNormalisedToo() throws {
    let result = try folded(file(), bias: true)
    for channel in 0..<2 {
      let expected = normalised([0.3, -2][channel], channel)
      #expect(abs(Double(result.bias[channel]) - expected) < 1e-6)
    }
  }

  @Test func withoutGammaTheScaleIsOne() throws {
    let result = try folded(file(), gamma: false)
    #expect(result.weights[3] == 11)
    #expect(result.weights[2] == 2)
    #expect(abs(Double(result.bias[0]) - normalised(0, 0, gamma: [1, 1])) < 1e-6)
  }

  @Test func withoutNormalisationNothingChanges() throws {
    #expect(try folded(file(), normalised: false).weights == [0.1, -0.7, 3, 11])
    #expect(try folded(file(), normalised: false).bias == [0, 0])
    #expect(try folded(file(), bias: true, normalised: false).bias == [0.3, -2])
  }

  @Test func depthwiseKernelsFoldByChannel() throws {
    var file = SafeTensorsFile(metadata: ["epsilon": "0"])
    file.add("dw/depthwise_kernel", shape: [1, 2, 3, 1], [1, 2, 3, 4, 5, 6])
    file.add("bn/gamma", shape: [3], [1, 10, 100])
    for name in ["beta", "moving_mean"] { file.add("bn/" + name, shape: [3], [0, 0, 0]) }
    file.add("bn/moving_variance", shape: [3], [1, 1, 1])
    let result = try Fixtures.withFile(file.bytes) { path in
      try WeightFile(path: path).foldedConvolution(
        kernelNames: ["dw/kernel", "dw/depthwise_kernel"], kernelShape: [1, 2, 3, 1], fanIn: 2,
        batchNormalization: "bn")
    }
    #expect(result.weights == [1, 20, 300, 4, 50, 600])
  }

  @Test(arguments: [("0.25", Float(-0.1)), ("0", 0)])
  func variancesWithoutARootAreNamed(epsilon: String, variance: Float) throws {
    let error = #expect(throws: WeightError.self) {
      try folded(file(epsilon: epsilon, variance: [1, variance]))
    }
    guard case .invalidVariance("bn/moving_variance", 1, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func overflowIsAnError() throws {
    let tiny = file(epsilon: "0", variance: [1, Float.leastNonzeroMagnitude], last: 1e38)
    let error = #expect(throws: WeightError.self) { try folded(tiny) }
    guard case .foldingOverflows("conv/kernel", "bn", _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
