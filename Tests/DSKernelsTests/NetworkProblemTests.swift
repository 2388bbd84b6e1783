import DSCore
import DSKernels
import DSNetworks
import Testing
import TestSupport

/// What will run in earnest: full-size problems, on which the whole output of every vector kernel has
/// the same bits as the others' of its numeric class, and sampled pixels are within the bound.
@Suite("Every kernel on every problem of the three networks")
struct NetworkProblemTests {
  private let registry = Registry.standard

  @Test("All problems are there", .enabled(if: !TestEffort.isQuick))
  func problemCount() {
    let problems = NetworkProblems.all
    #expect(problems.count { $0.stages.count == 1 } == 85)
    #expect(problems.count { $0.operation == .separable } == 33)
    #expect(problems.count { $0.operation == .invertedResidual } == 27)
    #expect(problems.count { $0.operation == .entry } == 2)
    #expect(problems.count { $0.operation == .pooled } == 3)
    #expect(problems.count { $0.operation == .reduction } == 4)
  }

  /// So that nobody believes more was tried than was: Xception's largest layers go without a naive,
  /// tiled or im2col run. Their shapes differ from tested ones in size only.
  @Test("Fourteen layers are too large for the readable kernels")
  func leftOut() {
    let left = NetworkProblems.all.filter {
      $0.stages.count == 1 && $0.multiplyAdds > NetworkProblems.readableLimitMultiplyAdds
    }
    #expect(left.count == 14)
    #expect(left.allSatisfy { $0.operation == .pointwise || $0.operation == .standard })
  }

  @Test("Within the bound, and the same bits", arguments: NetworkProblems.testedKeys)
  func kernelsAgree(key: String) throws {
    let problem = try Problem(key: key)
    let pixels = problem.sampledPixels
    let data = KernelTrial(problem, channelBlock: 8, seed: UInt64(problem.flops))
    let reference = data.reference(pixels: pixels)
    var first: [String: (kernel: String, output: KernelOutput)] = [:]

    for instructionSet in KernelCorrectnessTests.instructionSets {
      let trial = data.with(channelBlock: instructionSet.channelBlock(.float32))
      for (kernel, workers) in runs(problem, instructionSet) {
        let context = ParameterAxis.Context(problem: problem, workers: workers)
        var generator = SeededGenerator(seed: UInt64(problem.flops + workers))
        let values = try #require(kernel.candidates(context).randomElement(using: &generator))
        let label = "\(kernel.id) \(kernel.named(values)) × \(workers)"

        let output = trial.run(kernel, values, workers: workers)
        let bounded = trial.bounding(reference, by: kernel, pixels: pixels)
        let worst = output.worstError(against: bounded, pixels: pixels)
        #expect(worst <= 1, "\(label) is off by \(worst)× its bound")
        #expect(output.paddingIsZero, "\(label) leaves padding channels")
        let expected = first[kernel.numericGroup, default: (label, output)]
        first[kernel.numericGroup] = expected
        let differences = output.differences(from: expected.output)
        #expect(differences == 0, "\(label) differs from \(expected.kernel)")
      }
    }
    #expect(!first.isEmpty)
  }

  /// Each kernel of exactly this instruction set with the numbers of workers it is made for. The
  /// readable kernels run once, on the channel block of the CPU's best instruction set.
  private func runs(
    _ problem: Problem, _ instructionSet: InstructionSet
  ) -> [(kernel: Kernel, workers: Int)] {
    let takesReadable =
      instructionSet == Registry.bestInstructionSet
      && problem.multiplyAdds <= NetworkProblems.readableLimitMultiplyAdds
    let kernels = registry.kernels(for: problem, upTo: instructionSet, workers: 2).filter {
      $0.channelBlock == nil ? takesReadable : $0.instructionSet == instructionSet
    }
    return kernels.flatMap { kernel in
      let workerCounts =
        switch kernel.method {
        case .naive, .tiled, .im2col, .simd: [1]
        case .threaded: [2]
        case .fused: [1, 3]
        }
      return workerCounts.map { (kernel, $0) }
    }
  }
}
