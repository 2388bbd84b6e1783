import DSCore
import DSKernels
import DSRuntime

/// One problem's tensors, on which its candidates run as they would inside the network.
///
/// Activations stay where the run before left them. Weights rotate through copies, because inside a network
/// other layers' weights come between two uses of these: as many copies as exceed the second-level cache, but at
/// most 64, so that weights of less than 1/64 of the rotation's size stay nearer than they would be.
package final class TrialBench {
  package let problem: Problem
  private let channelBlock: Int
  private let pool: WorkerPool
  private let weights: [StageWeights]
  private let input: AlignedBuffer
  private let residual: AlignedBuffer?
  private let output: AlignedBuffer
  /// What the reference says, once it was asked.
  private var check: CandidateCheck?
  private let makeCheck: (() -> Bool) -> CandidateCheck?

  /// - Throws: `RuntimeError.outOfMemory`.
  package init(
    _ problem: Problem, channelBlock: Int, pool: WorkerPool, seed: UInt64
  ) throws(RuntimeError) {
    try MemoryNeed(problem).check()
    self.problem = problem
    self.channelBlock = channelBlock
    self.pool = pool
    var generator = SeededGenerator(seed: seed)
    func tensor(_ shape: FeatureShape) -> ReferenceTensor {
      ReferenceTensor(
        shape: shape,
        values: (0..<shape.elementCount).map { _ in Double(generator.nextUnitFloat()) })
    }
    let source = tensor(problem.input)
    let added = problem.addsResidual ? tensor(problem.output) : nil
    weights = problem.stages.map { stage in
      guard stage.hasWeights else { return .none }
      let scale = (3 / Float(stage.reductionLength)).squareRoot()
      return StageWeights(
        kernel: (0..<stage.weightCount).map { _ in generator.nextUnitFloat() * scale },
        bias: (0..<stage.outputChannels).map { _ in generator.nextUnitFloat() })
    }
    let inputLayout = TensorLayout(shape: problem.input, channelBlock: channelBlock)
    let outputLayout = TensorLayout(shape: problem.output, channelBlock: channelBlock)
    let tensors = try TrialArena(
      byteCount: TrialArena.byteCount([
        inputLayout.byteCount, outputLayout.byteCount, outputLayout.byteCount,
      ]))
    if problem.stages[0].readsImage {
      // The caller's, who has it wherever it likes.
      input = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
        try AlignedBuffer(byteCount: problem.input.elementCount * 4)
      }
      for (index, value) in source.values.enumerated() {
        input.base.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
      }
    } else {
      input = tensors.take(inputLayout.byteCount)
      source.write(to: input.base, inputLayout)
    }
    residual = added.map { tensor in
      let buffer = tensors.take(outputLayout.byteCount)
      tensor.write(to: buffer.base, outputLayout)
      return buffer
    }
    output = tensors.take(outputLayout.byteCount)
    let seed = generator.next()
    makeCheck = { [weights] shouldStop in
      CandidateCheck(
        problem, input: source, residual: added, weights: weights, layout: outputLayout,
        seed: seed, shouldStop: shouldStop)
    }
  }

  /// Packs a candidate's weights, in as many copies as their rotation needs.
  ///
  /// - Throws: `RuntimeError.outOfMemory`.
  package func prepare(
    _ candidate: Candidate, rotationBytes: Int
  ) throws(RuntimeError) -> TrialRun {
    let needs = TrialMemory.needs(
      candidate, problem, channelBlock: channelBlock, rotationBytes: rotationBytes)
    let arena = try TrialArena(byteCount: needs.byteCount)
    let kernels = (0..<needs.copies).map { _ in
      PreparedKernel(
        candidate.kernel, problem, candidate.values, weights: weights, channelBlock: channelBlock,
        allocate: arena.take)
    }
    let scratch = arena.take(needs.scratchBytes)
    return TrialRun(
      candidate, pool: pool, kernels: kernels, scratch: scratch, input: input, output: output,
      residual: residual)
  }

  /// Whether the candidate computes the right thing, and how far it is from the reference.
  ///
  /// - Parameter observing: is handed the run that is checked, to time it; it must call it once.
  package func verify(
    _ run: TrialRun, observing: (() -> Void) -> Void = { $0() }
  ) -> CandidateCheck.Verdict {
    guard let verdict = verify(run, shouldStop: { false }, observing: observing) else {
      preconditionFailure("a check that nobody ended was ended")
    }
    return verdict
  }

  /// The same; `nil` where it was ended. For large problems the reference takes seconds, the first time it is asked.
  package func verify(
    _ run: TrialRun, shouldStop: () -> Bool, observing: (() -> Void) -> Void = { $0() }
  ) -> CandidateCheck.Verdict? {
    guard let check = check ?? makeCheck(shouldStop) else { return nil }
    self.check = check
    for offset in stride(from: 0, to: output.byteCount, by: 4) {
      output.base.storeBytes(of: Float.nan, toByteOffset: offset, as: Float.self)
    }
    observing { run.run(iterations: 1) }
    return check.verdict(on: output.base, of: run.candidate.kernel)
  }
}
