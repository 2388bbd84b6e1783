import DSCore
import DSKernels
import Testing
import TestSupport

/// Values at the edges of Float32 go through every kernel alike: one channel, one pixel, many images,
/// and weights that pass the value on unchanged.
@Suite("NaN, infinities, zeros and denormals")
struct ClampTests {
  private static let values: [Float] = [
    .nan, .infinity, -.infinity, 0, -0.0, 3.5, 6, Float(6).nextUp, Float(6).nextDown, -1,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0x1p-130, -0x1p-140,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
  ]
  private static let operators = Operator.allCases.filter { $0 != .softmax }

  @Test("Each activation of each operator", arguments: operators, Activation.allCases)
  func activation(operation: Operator, activation: Activation) throws {
    try expectPassedOn(
      problem(operation, last: { $0.activation = activation }), clamped: { $0.clamped(activation) })
  }

  @Test(
    "Each activation of the input",
    arguments: operators, Activation.allCases)
  func inputActivation(operation: Operator, activation: Activation) throws {
    try expectPassedOn(
      problem(operation, first: { $0.inputActivation = activation }),
      clamped: { $0.clamped(activation) })
  }

  @Test("The first layer, from an image", arguments: Activation.allCases)
  func image(activation: Activation) throws {
    let problem = try Problem(
      Stage(
        .standard,
        input: FeatureShape(batch: Self.values.count, height: 1, width: 1, channels: 3),
        window: Window(size: 3, stride: 2, padding: Padding(before: 1, after: 1)),
        outputChannels: 1, activation: activation, readsImage: true))
    try expectPassedOn(problem, clamped: { $0.clamped(activation) })
  }

  /// Products below 2⁻¹²⁶ are denormal, and sums of them exact: a CPU told to flush them shows.
  @Test(
    "Denormal products and sums are exact",
    arguments: [
      "pointwise 3x5x19->21 none f32", "depthwise 3x3 s1 p1,1 6x9x19 none f32",
      "standard 3x3 s2 p0,1 6x6x5->17 none f32", "separable 3x3 s1 p1,1 6x9x5->17 none,relu f32",
    ])
  func denormals(key: String) throws {
    let problem = try Problem(key: key)
    let integers = KernelTrial(problem, channelBlock: 16, values: .integers)
    // A stage multiplies once more by its weights: two stages need larger factors for the same power.
    let factor: Float = problem.stages.count == 1 ? 0x1p-70 : 0x1p-46
    let input = ReferenceTensor(
      shape: problem.input, values: integers.input.values.map { $0 * Double(factor) })
    let weights = integers.weights.enumerated().map { index, stage in
      let biasFactor = (0...index).reduce(factor) { product, _ in product * factor }
      return StageWeights(
        kernel: stage.kernel.map { $0 * factor }, bias: stage.bias.map { $0 * biasFactor })
    }
    let trial = KernelTrial(
      problem, channelBlock: 16, input: input, residual: nil, weights: weights)
    let exact = trial.reference().values.map { Float($0) }
    #expect(exact.contains { $0.isSubnormal })
    try forEachKernel(problem) { kernel, values, channelBlock in
      let output = trial.with(channelBlock: channelBlock).run(kernel, values, workers: 1)
      #expect(output.values == exact, "\(kernel.id) \(kernel.named(values))")
    }
  }

  /// A problem of `operation` on one pixel and one channel (three of an image); every window hangs over
  /// all edges.
  private func problem(
    _ operation: Operator, first: (inout Stage) -> Void = { _ in },
    last: (inout Stage) -> Void = { _ in }
  ) throws -> Problem {
    let shape = FeatureShape(batch: Self.values.count, height: 1, width: 1, channels: 1)
    let window = Window(size: 3, padding: Padding(before: 1, after: 1))
    var stages = operation.stageKinds.map { kind in
      // A map of one pixel is pooled whole by a window of one.
      let isPoint = [.pointwise, .dense, .softmax].contains(kind) || operation == .pooled
      return Stage(kind, input: shape, window: isPoint ? .point : window)
    }
    if operation == .entry {
      let image = FeatureShape(batch: shape.batch, height: 1, width: 1, channels: 3)
      stages[0] = Stage(
        .standard, input: image, window: window, outputChannels: 1, readsImage: true)
    }
    first(&stages[0])
    last(&stages[stages.count - 1])
    return try Problem(stages: stages)
  }

  private func expectPassedOn(_ problem: Problem, clamped: (Float) -> Float) throws {
    let values = Self.values
    let channels = problem.input.channels
    let input = ReferenceTensor(
      shape: problem.input,
      values: values.flatMap { [Double($0)] + [Double](repeating: 0, count: channels - 1) })
    let weights = problem.stages.map { $0.hasWeights ? StageWeights(passingOn: $0) : .none }
    let trial = KernelTrial(
      problem, channelBlock: 16, input: input, residual: nil, weights: weights)
    let expected = values.map(clamped)
    try forEachKernel(problem) { kernel, parameters, channelBlock in
      let output = trial.with(channelBlock: channelBlock).run(kernel, parameters, workers: 1)
      let agrees = zip(output.values, expected).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
      #expect(agrees, "\(kernel.id) \(kernel.named(parameters)): \(output.values), not \(expected)")
    }
  }

  /// Every kernel of this CPU that accepts the problem, with the first and last of its candidates.
  private func forEachKernel(
    _ problem: Problem, _ body: (Kernel, KernelParameters, _ channelBlock: Int) -> Void
  ) throws {
    var ids: Set<String> = []
    for instructionSet in KernelCorrectnessTests.instructionSets {
      let block = instructionSet.channelBlock(.float32)
      for kernel in Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 2)
      where kernel.channelBlock == nil || kernel.instructionSet == instructionSet {
        let candidates = kernel.candidates(.init(problem: problem, workers: 2))
        for values in Set([candidates.first, candidates.last].compactMap { $0 }) {
          body(kernel, values, block)
        }
        ids.insert(kernel.id)
      }
    }
    #expect(ids.count >= KernelCorrectnessTests.instructionSets.count)
  }
}

extension StageWeights {
  /// The middle tap of the first input channel counts once, all else not at all.
  fileprivate init(passingOn stage: Stage) {
    var kernel = [Float](repeating: 0, count: stage.weightCount)
    kernel[stage.window.tapCount / 2 * (stage.weightCount / stage.window.tapCount)] = 1
    self.init(kernel: kernel, bias: [Float](repeating: 0, count: stage.outputChannels))
  }
}

extension Float {
  fileprivate func clamped(_ activation: Activation) -> Float {
    isNaN ? self : Swift.min(Swift.max(self, activation.lowerBound), activation.upperBound)
  }
}
