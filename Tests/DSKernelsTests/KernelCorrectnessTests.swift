import DSCore
import DSKernels
import Testing
import TestSupport

@Suite("Every kernel against the Float64 reference")
struct KernelCorrectnessTests {
  /// The instruction sets of this CPU; the suites below that need more are skipped by name.
  static let instructionSets = InstructionSet.allCases.filter { $0 <= Registry.bestInstructionSet }

  @Test("Baseline kernels can be run here")
  func baselineIsThere() {
    #expect(Registry.standard.kernels.contains { $0.instructionSet == .baseline })
  }

  @Test("AVX2 kernels can be run here", .enabled(if: Registry.bestInstructionSet >= .avx2))
  func avx2IsThere() {
    #expect(Registry.standard.kernels.contains { $0.instructionSet == .avx2 })
  }

  @Test("AVX-512 kernels can be run here", .enabled(if: Registry.bestInstructionSet >= .avx512))
  func avx512IsThere() {
    #expect(Registry.standard.kernels.contains { $0.instructionSet == .avx512 })
  }

  @Test("Random values are within the derived bound", arguments: instructionSets)
  func withinBound(instructionSet: InstructionSet) throws {
    var checked = 0
    for problem in ProblemSweep.all {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      let reference = trial.reference()
      forEachCandidate(problem, instructionSet, seed: UInt64(checked)) { kernel, values, workers in
        let side = GuardedBuffer.Side.allCases[checked % 2]
        let output = trial.run(
          kernel, values, workers: workers, inputRowParts: checked % 3 == 0 ? 1 : workers,
          side: side)
        let worst = output.worstError(against: trial.bounding(reference, by: kernel))
        #expect(
          worst <= 1,
          "\(kernel.id) \(kernel.named(values)) on '\(problem.key)': \(worst)× its bound")
        #expect(output.paddingIsZero, "\(kernel.id) on '\(problem.key)' leaves padding channels")
        checked += 1
      }
    }
    #expect(checked > ProblemSweep.all.count)
  }

  @Test("Small integers are exact to the bit", arguments: instructionSets)
  func exactOnIntegers(instructionSet: InstructionSet) throws {
    var checked = 0
    for problem in ProblemSweep.all where !problem.isInexactOnIntegers {
      let trial = KernelTrial(
        problem, channelBlock: instructionSet.channelBlock(.float32), values: .integers)
      let exact = trial.reference().values.map { Float($0) }
      forEachCandidate(problem, instructionSet, seed: UInt64(checked)) { kernel, values, workers in
        let output = trial.run(kernel, values, workers: workers)
        #expect(
          output.values == exact, "\(kernel.id) \(kernel.named(values)) on '\(problem.key)'")
        checked += 1
      }
    }
    #expect(checked > 0)
  }

  @Test("The same bits for any number of workers and any parameters", arguments: instructionSets)
  func sameBits(instructionSet: InstructionSet) throws {
    var checked = 0
    for problem in ProblemSweep.all {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      var first: [String: KernelOutput] = [:]
      for (workers, inputRowParts) in [(1, 1), (2, 1), (2, 2), (3, 3), (4, 2)] {
        let kernels = Registry.standard.kernels(
          for: problem, upTo: instructionSet, workers: workers
        ).filter { $0.method != .im2col }
        for kernel in kernels {
          let context = ParameterAxis.Context(problem: problem, workers: workers)
          guard let values = kernel.candidates(context).randomElement(seed: UInt64(checked)) else {
            continue
          }
          let output = trial.run(
            kernel, values, workers: workers, inputRowParts: inputRowParts)
          let expected = first[kernel.numericGroup, default: output]
          first[kernel.numericGroup] = expected
          #expect(
            output.differences(from: expected) == 0,
            "\(kernel.id) \(kernel.named(values)) × \(workers) (\(inputRowParts)) on '\(problem.key)'"
          )
          checked += 1
        }
      }
    }
    #expect(checked > ProblemSweep.all.count)
  }

  @Test("A fused block gives the bits of its stages one by one", arguments: instructionSets)
  func fusedEqualsUnfused(instructionSet: InstructionSet) throws {
    let block = instructionSet.channelBlock(.float32)
    for problem in ProblemSweep.fused {
      let trial = KernelTrial(problem, channelBlock: block)
      let fused = try #require(
        Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 2).last)
      let context = ParameterAxis.Context(problem: problem, workers: 2)
      let values = try #require(fused.candidates(context).randomElement(seed: 3))
      let output = trial.run(fused, values, workers: 2)
      let chained = try unfused(trial, instructionSet)
      #expect(output.values == chained, "\(fused.id) \(fused.named(values)) on '\(problem.key)'")
    }
  }

  /// The stages one after the other, each by the vector kernel of the same instruction set that multiplies as fused
  /// ones do.
  private func unfused(_ trial: KernelTrial, _ instructionSet: InstructionSet) throws -> [Float] {
    var tensor = trial.input
    for (index, stage) in trial.problem.stages.enumerated() {
      let problem = try Problem(stage)
      let kernel = try #require(
        Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 1).last {
          $0.method == .simd && $0.multipliesAsWritten
        })
      let step = KernelTrial(
        problem, channelBlock: trial.channelBlock, input: tensor,
        residual: stage.addsResidual ? trial.residual : nil, weights: [trial.weights[index]])
      let context = ParameterAxis.Context(problem: problem, workers: 1)
      let values = try #require(kernel.candidates(context).first)
      let output = step.run(kernel, values, workers: 1)
      tensor = ReferenceTensor(shape: stage.output, values: output.values.map(Double.init))
    }
    return tensor.values.map { Float($0) }
  }

  /// Every kernel that accepts the problem, with a few of its candidates.
  private func forEachCandidate(
    _ problem: Problem, _ instructionSet: InstructionSet, seed: UInt64,
    _ body: (Kernel, KernelParameters, _ workers: Int) -> Void
  ) {
    for workers in [1, 2] {
      let kernels = Registry.standard.kernels(for: problem, upTo: instructionSet, workers: workers)
      for kernel in kernels where workers == 1 || kernel.isParallel {
        let context = ParameterAxis.Context(problem: problem, workers: workers)
        let candidates = kernel.candidates(context)
        let extra = candidates.randomElement(seed: seed &+ UInt64(workers))
        for values in Set([candidates.first, candidates.last, extra].compactMap { $0 }) {
          body(kernel, values, workers)
        }
      }
    }
  }
}

extension Problem {
  /// Whether its results are not integers even where all inputs are.
  fileprivate var isInexactOnIntegers: Bool {
    operation == .softmax || stages.contains { $0.kind == .averagePooling }
  }
}

extension Array {
  fileprivate func randomElement(seed: UInt64) -> Element? {
    var generator = SeededGenerator(seed: seed)
    return randomElement(using: &generator)
  }
}
