import DSCore

extension Registry {
  /// The rungs that are there to be read and compared with: naive, tiled and im2col.
  static let readableKernels: [Kernel] = [
    readable(.standard, .naive, "nested loops", runNaiveConvolution),
    readable(
      .standard, .im2col, "patch matrix, then a tiled matrix product", runIm2colConvolution,
      scratch: patchMatrixBytes),
    readable(.pointwise, .naive, "nested loops", runNaiveConvolution),
    readable(.pointwise, .tiled, "L1-sized tiles of a matrix product", runTiledPointwise),
    readable(
      .pointwise, .im2col, "copied matrix, then a tiled matrix product", runIm2colConvolution,
      scratch: patchMatrixBytes),
    readable(.dense, .naive, "nested loops", runNaiveConvolution),
    readable(.dense, .tiled, "L1-sized tiles of a matrix product", runTiledPointwise),
    readable(.depthwise, .naive, "nested loops", runNaiveDepthwise),
    readable(.depthwise, .tiled, "8x8 output tiles of one channel block", runTiledDepthwise),
    readable(
      .depthwise, .im2col, "patch matrix of each channel", runIm2colDepthwise,
      scratch: { problem in
        problem.output.pixelCount * problem.stages[0].window.tapCount * 4
      }),
    readable(.maximumPooling, .naive, "nested loops", runNaiveMaximumPooling),
    readable(.averagePooling, .naive, "nested loops", runNaiveAveragePooling),
    readable(.softmax, .naive, "shifted exponentials, sums in Float64", runSoftmax),
  ]

  private static func patchMatrixBytes(_ problem: Problem) -> Int {
    problem.output.pixelCount * problem.stages[0].reductionLength * 4
  }

  private static func readable(
    _ operation: Operator, _ method: KernelMethod, _ summary: String,
    _ run: @escaping KernelFunction,
    scratch: @escaping @Sendable (Problem) -> Int = { _ in 0 }
  ) -> Kernel {
    Kernel(
      id: "f32-\(operation.rawValue)-\(method.rawValue)__baseline", operation: operation,
      method: method, instructionSet: .baseline, elementType: .float32, channelBlock: nil,
      parameters: [], numericClass: .multiplyThenAdd, summary: summary,
      isWindowTiled: false, acceptsShape: { _ in true }, acceptsValues: { _ in true },
      packing: { problem, _ in [problem.stages[0].hasWeights ? .plain : .none] },
      scratch: { problem, _, _ in scratch(problem) }, run: run)
  }
}
