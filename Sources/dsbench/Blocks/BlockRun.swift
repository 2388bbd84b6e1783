import DSCore
import DSKernels
import DSRuntime

/// A block ready to run: every problem's kernel reads what the one before wrote.
final class BlockRun {
  let variant: BlockVariant
  let candidates: [Candidate]
  private let pool: WorkerPool
  private let kernels: [PreparedKernel]
  private let buffers: [AlignedBuffer]
  private let calls: UnsafeMutableBufferPointer<KernelCall>

  /// - Parameter candidates: one for each of the variant's problems.
  /// - Throws: where there is no memory for the tensors and weights.
  init(
    _ variant: BlockVariant, candidates: [Candidate], instructionSet: InstructionSet,
    pool: WorkerPool
  ) throws(MemoryShortage) {
    precondition(
      candidates.count == variant.problems.count,
      "\(candidates.count) candidates for \(variant.problems.count) problems")
    self.variant = variant
    self.candidates = candidates
    self.pool = pool
    var generator = SeededGenerator(seed: 1)
    var kernels: [PreparedKernel] = []
    for (problem, candidate) in zip(variant.problems, candidates) {
      try MemoryAllowance.check(problem.stages.reduce(0) { $0 + 4 * $1.weightCount })
      let weights = problem.stages.map { stage in
        // Keeps the values of one magnitude from stage to stage.
        let scale = (3 / Float(stage.reductionLength)).squareRoot()
        return StageWeights(
          kernel: (0..<stage.weightCount).map { _ in generator.nextUnitFloat() * scale },
          bias: (0..<stage.outputChannels).map { _ in generator.nextUnitFloat() })
      }
      kernels.append(
        try PreparedKernel(
          candidate.kernel, problem, candidate.values, weights: weights,
          channelBlock: instructionSet.channelBlock(problem.elementType)))
    }
    self.kernels = kernels
    let scratchBytes = zip(kernels, candidates).map { $0.scratchBytesPerWorker * $1.workers }
    let scratch = try AlignedBuffer(byteCount: scratchBytes.max() ?? 0)
    var tensors = [try AlignedBuffer(byteCount: kernels[0].inputByteCount)]
    for offset in stride(from: 0, to: tensors[0].byteCount, by: 4) {
      tensors[0].base.storeBytes(
        of: generator.nextUnitFloat(), toByteOffset: offset, as: Float.self)
    }
    for kernel in kernels {
      tensors.append(try AlignedBuffer(byteCount: kernel.outputLayout.byteCount))
    }
    buffers = tensors + [scratch]
    calls = .allocate(capacity: kernels.count)
    for (index, kernel) in kernels.enumerated() {
      calls.initializeElement(
        at: index,
        to: kernel.call(
          input: tensors[index].base, output: tensors[index + 1].base, scratch: scratch.base))
    }
  }

  deinit {
    calls.deinitialize()
    calls.deallocate()
  }

  func run(iterations: Int) {
    let program = Program(
      steps: candidates.map { ($0.kernel.run, $0.workers) }, calls: UnsafeBufferPointer(calls),
      iterations: iterations)
    pool.run { [pool] worker in program.run(worker) { pool.meet() } }
  }

  /// What every worker does. Unchecked: the calls outlive the run.
  private struct Program: @unchecked Sendable {
    let steps: [(function: KernelFunction, workers: Int)]
    let calls: UnsafeBufferPointer<KernelCall>
    let iterations: Int

    func run(_ worker: Int, meet: () -> Void) {
      guard let base = calls.baseAddress else { return }
      for _ in 0..<iterations {
        for index in steps.indices {
          if worker < steps[index].workers {
            steps[index].function(base + index, worker, steps[index].workers)
          }
          meet()
        }
      }
    }
  }
}
