import DSCore
import DSKernels
import TestSupport
import Testing

/// An activation of the input is the clamp of what was stored: the bits are those of clamping first.
@Suite("Activations of the input")
struct InputActivationTests {
  private static let problems = ProblemSweep.all.filter {
    $0.stages[0].inputActivation != .none
  }

  @Test(
    "The same bits as a clamp before the plain kernel",
    arguments: KernelCorrectnessTests.instructionSets)
  func sameBits(instructionSet: InstructionSet) throws {
    var operations: Set<Operator> = []
    for (index, problem) in Self.problems.enumerated() {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      let clamped = try trial.clampedBefore()
      for workers in [1, 2, 3] {
        for kernel in Registry.standard.kernels(
          for: problem, upTo: instructionSet, workers: workers)
        where kernel.channelBlock != nil && (workers == 1 || kernel.isParallel) {
          var generator = SeededGenerator(seed: UInt64(index * 4 + workers))
          let candidates = kernel.candidates(.init(problem: problem, workers: workers))
          let values = try #require(candidates.randomElement(using: &generator))
          let output = trial.run(
            kernel, values, workers: workers, side: .allCases[index % 2], firstPiece: 0)
          let plain = try #require(
            Registry.standard.kernels(
              for: clamped.problem, upTo: instructionSet, workers: 1
            ).last { $0.numericGroup == kernel.numericGroup && $0.channelBlock != nil })
          let plainValues = try #require(
            plain.candidates(.init(problem: clamped.problem, workers: 1)).first)
          let expected = clamped.run(plain, plainValues, workers: 1)
          #expect(
            output.differences(from: expected) == 0 && output.paddingIsZero,
            "\(kernel.id) \(kernel.named(values)) × \(workers) on '\(problem.key)'")
          operations.insert(problem.operation)
        }
      }
    }
    #expect(operations.count == Operator.allCases.count - 1, "all but softmax")
  }

  /// Windows of a network file are of any size: wide and high ones, and the strides beyond those with tiles.
  @Test(
    "Vector kernels take whatever a network file may ask for",
    arguments: FastKernelSet.all.map(\.instructionSet))
  func accepted(instructionSet: InstructionSet) throws {
    var generator = SeededGenerator(seed: 26)
    for _ in 0..<2000 {
      let problem = try RandomProblem.layer(using: &generator)
      for workers in 1...4 {
        let kernels = Registry.standard.kernels(
          for: problem, upTo: instructionSet, workers: workers)
        let fast = kernels.filter { !$0.isReadable && $0.multipliesAsWritten }
        #expect(fast.contains { $0.isParallel } || workers == 1 || problem.operation == .softmax)
        #expect(!fast.isEmpty, "'\(problem.key)' × \(workers)")
      }
    }
  }

  /// A helper that comes to a share whose pieces are gone computes nothing: it has no scratch for the activated input.
  @Test(
    "Shares with an activated input are one piece",
    arguments: KernelCorrectnessTests.instructionSets)
  func onePiece(instructionSet: InstructionSet) throws {
    let problem = try Problem(key: "pointwise 9x9x40->70 in-relu relu f32")
    let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
    let kernel = try Registry.standard.kernel(
      id: "f32-pointwise-threaded__\(instructionSet.rawValue)")
    let values = try #require(kernel.candidates(.init(problem: problem, workers: 2)).first)
    let output = trial.run(kernel, values, workers: 2, firstPiece: 1)
    let untouched = output.values.count { $0.isNaN }
    #expect(untouched == output.values.count, "the output is as it was before")
  }
}

extension KernelTrial {
  /// The same numbers for a problem without an activation of its input, which is clamped already.
  fileprivate func clampedBefore() throws -> KernelTrial {
    var stages = problem.stages
    let activation = stages[0].inputActivation
    stages[0].inputActivation = .none
    var clamped = input
    for index in clamped.values.indices {
      clamped.values[index] = min(
        Double(activation.upperBound), max(Double(activation.lowerBound), clamped.values[index]))
    }
    return KernelTrial(
      try Problem(stages: stages), channelBlock: channelBlock, input: clamped, residual: residual,
      weights: weights)
  }
}
