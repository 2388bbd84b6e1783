import DSCore
import DSKernels
import Testing

/// Poolings of the whole image, of more pixels than a window may have.
@Suite("Pooling of large images")
struct GlobalPoolingTests {
  private static let keys = [
    "avgpool 95x83 s1 p0,0 95x83x21 none f32", "avgpool 65x64 s1 p0,0 2x65x64x5 in-relu none f32",
    "avgpool 300x250 s1 p0,0 300x250x3 none residual f32",
    "maxpool 95x83 s1 p0,0 2x95x83x21 in-relu none residual f32",
    "maxpool 300x250 s1 p0,0 300x250x3 none f32", "avgpool 1x70001 s1 p0,0 1x70001x2 none f32",
    "pooled 95x83 s1 p0,0 95x83x8->21 relu6,none f32",
  ]

  private static func kernels(
    _ problem: Problem, workers: Int
  ) -> [(kernel: Kernel, values: KernelParameters)] {
    Registry.standard.kernels(for: problem, upTo: Registry.bestInstructionSet, workers: workers)
      .compactMap { kernel in
        kernel.candidates(ParameterAxis.Context(problem: problem, workers: workers)).first
          .map { (kernel, $0) }
      }
  }

  /// The bound is that of rows added up apart: 95 + 83 roundings, not 95 · 83.
  @Test("Every kernel is within the derived bound", arguments: keys)
  func withinBound(key: String) throws {
    let problem = try Problem(key: key)
    let kernels = Self.kernels(problem, workers: 1) + Self.kernels(problem, workers: 2)
    #expect(kernels.count >= 2)
    var trial = KernelTrial(problem, channelBlock: 4)
    let reference = trial.reference()
    for (kernel, values) in kernels {
      trial = trial.with(channelBlock: kernel.channelBlock ?? 4)
      let output = trial.run(kernel, values, workers: 2)
      let worst = output.worstError(against: trial.bounding(reference, by: kernel))
      #expect(worst <= 1, "\(kernel.id) on '\(key)': \(worst)× its bound")
    }
  }

  /// Added up one by one, they come to 1 % more.
  @Test("The mean of equal values is that value, however many there are")
  func equalValues() throws {
    let problem = try Problem(key: "avgpool 1024x1024 s1 p0,0 1024x1024x1 none f32")
    let value = Double(Float(0.1))
    let input = ReferenceTensor(
      shape: problem.input, values: [Double](repeating: value, count: 1 << 20))
    for (kernel, values) in Self.kernels(problem, workers: 1) {
      let trial = KernelTrial(
        problem, channelBlock: kernel.channelBlock ?? 4, input: input, residual: nil,
        weights: [.none])
      let mean = Double(trial.run(kernel, values, workers: 1).values[0])
      #expect((mean / value - 1).magnitude < 1e-4, "\(kernel.id): \(mean)")
    }
  }
}
