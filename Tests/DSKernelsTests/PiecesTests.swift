import DSCore
import DSKernels
import TestSupport
import Testing

/// Shares that whoever is free takes piece by piece.
@Suite("Shares in pieces")
struct PiecesTests {
  /// Few panels and many tiles, many panels and few tiles, neither, and strips.
  private static let problems: [Problem] = [
    (9, 24, 40), (30, 16, 32), (3, 40, 300), (1, 8, 16), (14, 64, 128),
  ].flatMap { (rows: Int, input: Int, output: Int) -> [Problem] in
    [false, true].compactMap { addsResidual in
      try? Problem(
        Stage(
          .pointwise, input: FeatureShape(height: rows, width: 7, channels: input),
          outputChannels: output, activation: .relu6, addsResidual: addsResidual))
    }
  }

  @Test(
    "All pieces together have the bits of the whole, and each has some of them",
    arguments: KernelCorrectnessTests.instructionSets, [1, 2, 3])
  func sameBits(instructionSet: InstructionSet, workers: Int) throws {
    var mostPieces = 0
    for (index, problem) in Self.problems.enumerated() {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      var generator = SeededGenerator(seed: UInt64(index))
      let kernels = Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 2)
        .filter { $0.hasPieces && $0.method == .threaded }
      #expect(!kernels.isEmpty)
      for kernel in kernels {
        let context = ParameterAxis.Context(problem: problem, workers: workers)
        let values = try #require(kernel.candidates(context).randomElement(using: &generator))
        let name = "\(kernel.id) \(kernel.named(values)) on '\(problem.key)'"
        let whole = trial.run(kernel, values, workers: workers)
        var before = trial.run(kernel, values, workers: workers, firstPiece: 0)
        #expect(before.differences(from: whole) == 0 && before.paddingIsZero, "\(name)")
        // What nobody takes stays NaN, as it was.
        var pieces = 0
        while before.values.contains(where: { !$0.isNaN }) {
          pieces += 1
          let after = trial.run(kernel, values, workers: workers, firstPiece: UInt32(pieces))
          #expect(after.missing > before.missing, "piece \(pieces) of \(name)")
          if after.missing <= before.missing { break }
          before = after
        }
        mostPieces = max(mostPieces, pieces)
      }
    }
    #expect(mostPieces >= 8)
  }

  @Test("Nothing is computed twice where the sum replaces what is added to")
  func onlyOnce() throws {
    for problem in Self.problems where problem.addsResidual {
      let block = Registry.bestInstructionSet.channelBlock(.float32)
      let trial = KernelTrial(problem, channelBlock: block, values: .integers)
      let kernel = try #require(
        Registry.standard.kernels(for: problem, upTo: Registry.bestInstructionSet, workers: 2)
          .last { $0.hasPieces })
      for values in kernel.candidates(ParameterAxis.Context(problem: problem, workers: 2)) {
        let prepared = try PreparedKernel(
          kernel, problem, values, weights: trial.weights, channelBlock: block)
        let input = GuardedBuffer(byteCount: prepared.inputByteCount, side: .end)
        trial.input.write(to: input.base, prepared.inputLayout)
        let output = GuardedBuffer(byteCount: prepared.outputLayout.byteCount, side: .end)
        try #require(trial.residual).write(to: output.base, prepared.outputLayout)
        var next: UInt32 = 0
        withUnsafeMutablePointer(to: &next) { next in
          var call = prepared.call(
            input: input.base, output: output.base, residual: UnsafeRawPointer(output.base),
            scratch: input.base)
          call.nextPiece = next
          // The second call finds nothing left.
          for _ in 0..<2 { kernel.run(&call, 0, 1) }
        }
        let result = KernelOutput(output.base, prepared.outputLayout)
        #expect(
          result.differences(from: trial.run(kernel, values, workers: 1)) == 0,
          "\(kernel.named(values)) on '\(problem.key)'")
      }
    }
  }
}

extension KernelOutput {
  fileprivate var missing: Int { values.count { $0.isNaN } }
}
