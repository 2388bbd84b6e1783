import DSCore
import DSKernels
import DSRuntime

/// A candidate ready to run, any number of times in a row.
package final class TrialRun {
  package let candidate: Candidate
  private let pool: WorkerPool
  private let kernels: [PreparedKernel]
  /// What the calls point to.
  private let buffers: [AlignedBuffer]
  private let calls: UnsafeMutableBufferPointer<KernelCall>
  private var next = 0

  init(
    _ candidate: Candidate, pool: WorkerPool, kernels: [PreparedKernel], scratch: AlignedBuffer,
    input: AlignedBuffer, output: AlignedBuffer, residual: AlignedBuffer?
  ) {
    self.candidate = candidate
    self.pool = pool
    self.kernels = kernels
    buffers = [scratch, input, output] + (residual.map { [$0] } ?? [])
    calls = .allocate(capacity: kernels.count)
    for (index, kernel) in kernels.enumerated() {
      calls.initializeElement(
        at: index,
        to: kernel.call(
          input: input.base, output: output.base,
          residual: residual.map { UnsafeRawPointer($0.base) }, scratch: scratch.base))
    }
  }

  deinit {
    calls.deinitialize()
    calls.deallocate()
  }

  package func run(iterations: Int) {
    let program = Program(
      function: candidate.kernel.run, workers: candidate.workers, calls: UnsafeBufferPointer(calls),
      first: next, iterations: iterations)
    next = (next + iterations) % calls.count
    pool.run { [pool] worker in program.run(worker) { pool.meet() } }
  }

  /// What every worker does in one block. Unchecked: the calls outlive the block.
  private struct Program: @unchecked Sendable {
    let function: KernelFunction
    let workers: Int
    let calls: UnsafeBufferPointer<KernelCall>
    let first: Int
    let iterations: Int

    func run(_ worker: Int, meet: () -> Void) {
      guard let base = calls.baseAddress else { return }
      for index in first..<(first + iterations) {
        if worker < workers { function(base + index % calls.count, worker, workers) }
        meet()
      }
    }
  }
}
