import DSCore
import DSKernels
import DSNetworks
import TestSupport
import Testing

/// What runs without a schedule has the same bits on any number of threads and in any batch: all of it is of one numeric
/// class for an instruction set.
@Suite("Defaults are of one numeric class")
struct DefaultClassTests {
  private static let instructionSets = FastKernelSet.all.map(\.instructionSet)

  private func model(_ instructionSet: InstructionSet) -> CostModel {
    CostModel(
      machine: MachineDescription(
        cpu: "AuthenticAMD/25/17", instructionSet: instructionSet, cores: 4, processingUnits: 4,
        caches: [
          .init(level: 1, byteCount: 32 << 10), .init(level: 2, byteCount: 1 << 20),
          .init(level: 3, byteCount: 32 << 20, sharedByCores: 4),
        ]))
  }

  /// Of the problem on 1 to 4 threads, for 1 to 3 images.
  private func defaults(
    _ problem: Problem, _ instructionSet: InstructionSet
  ) throws -> [(problem: Problem, workers: Int, candidate: Candidate)] {
    let model = model(instructionSet)
    return try (1...3).flatMap { images in
      let problem = problem.forImages(images)
      return try (1...4).map { workers in
        let best = model.best(
          problem, registry: .standard, upTo: instructionSet, workers: workers)
        return (problem, workers, try #require(best, "'\(problem.key)'"))
      }
    }
  }

  @Test("Random layers, threads and batches", arguments: instructionSets)
  func layers(instructionSet: InstructionSet) throws {
    let usual = try Registry.standard.kernel(
      id: "f32-pointwise-simd__\(instructionSet.rawValue)"
    ).numericGroup
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      let problem = try RandomProblem.layer(using: &generator)
      for (problem, workers, candidate) in try defaults(problem, instructionSet) {
        let kernel = candidate.kernel
        let expected =
          problem.operation == .softmax
          ? "f32-softmax-simd__\(instructionSet.rawValue)" : usual
        #expect(
          kernel.numericGroup == expected && !kernel.isReadable,
          "\(candidate.label) on '\(problem.key)' × \(workers)")
      }
    }
  }

  @Test("Every layer and every block of the models", arguments: instructionSets)
  func models(instructionSet: InstructionSet) throws {
    for problem in NetworkProblems.tested {
      let groups = try Set(defaults(problem, instructionSet).map(\.candidate.kernel.numericGroup))
      #expect(groups.count == 1, "'\(problem.key)': \(groups)")
    }
  }

  /// A standard convolution with one output channel was a readable kernel's on one thread and a vector kernel's on two, a dense
  /// layer with one by the number of images.
  @Test(
    "Their bits, by running", arguments: KernelCorrectnessTests.instructionSets)
  func bits(instructionSet: InstructionSet) throws {
    var problems = try [
      "standard 3x11 s1 p0,0 3x11x64->1 none f32", "dense 1x1x96->1 none f32",
      "pointwise 5x3x33->1 in-relu none f32", "depthwise 3x3 s2 p0,1 9x9x5 none residual f32",
    ].map { try Problem(key: $0) }
    var generator = SeededGenerator(seed: 11)
    while problems.count < (TestEffort.isQuick ? 20 : 120) {
      let problem = try RandomProblem.layer(using: &generator).forImages(1)
      if problem.multiplyAdds < 400_000 { problems.append(problem) }
    }
    for problem in problems {
      let block = instructionSet.channelBlock(.float32)
      let alone = KernelTrial(problem, channelBlock: block)
      var expected: [Float]?
      for (batch, workers, candidate) in try defaults(problem, instructionSet) {
        let images = batch.input.batch
        func repeated(_ tensor: ReferenceTensor, _ shape: FeatureShape) -> ReferenceTensor {
          ReferenceTensor(shape: shape, values: (0..<images).flatMap { _ in tensor.values })
        }
        let output = KernelTrial(
          batch, channelBlock: block, input: repeated(alone.input, batch.input),
          residual: alone.residual.map { repeated($0, batch.output) }, weights: alone.weights
        ).run(candidate.kernel, candidate.values, workers: candidate.workers)
        let first = expected ?? output.values
        expected = first
        let isSame = output.values.enumerated().allSatisfy { $1 == first[$0 % first.count] }
        #expect(isSame, "\(candidate.label) on '\(batch.key)' × \(workers)")
      }
    }
  }
}
