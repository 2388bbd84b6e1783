import DSCore
import DSKernels
import DSRuntime
import Synchronization

/// A candidate ready to run, any number of times in a row.
package final class TrialRun {
  package let candidate: Candidate
  private let pool: WorkerPool
  private let kernels: [PreparedKernel]
  /// What the calls point to.
  private let buffers: [AlignedBuffer]
  private let calls: UnsafeMutableBufferPointer<KernelCall>
  private var next = 0
  /// The last run of a block that was cut short; none yet for `Int.max`.
  private let lastRun: UnsafeMutablePointer<Atomic<Int>>

  init(
    _ candidate: Candidate, pool: WorkerPool, kernels: [PreparedKernel], scratch: AlignedBuffer,
    input: AlignedBuffer, output: AlignedBuffer, residual: AlignedBuffer?
  ) {
    self.candidate = candidate
    self.pool = pool
    self.kernels = kernels
    buffers = [scratch, input, output] + (residual.map { [$0] } ?? [])
    lastRun = .allocate(capacity: 1)
    lastRun.initialize(to: Atomic(.max))
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
    lastRun.deinitialize(count: 1)
    lastRun.deallocate()
  }

  package func run(iterations: Int) {
    let program = program(iterations)
    pool.run { [pool] worker in program.run(worker) { pool.meet() } }
  }

  /// The same, cut short once `shouldStop` says so: the block's time then says nothing. It is asked by the calling thread,
  /// about every quarter of a millisecond.
  package func run(iterations: Int, shouldStop: @escaping () -> Bool) {
    let stride = Self.runsBetweenLooks(candidate)
    if iterations <= stride { return run(iterations: iterations) }
    let program = program(iterations)
    lastRun.pointee.store(.max, ordering: .relaxed)
    let cut = Cut(shouldStop: shouldStop, stride: stride, lastRun: lastRun)
    pool.run { [pool] worker in program.run(worker, cut) { pool.meet() } }
  }

  private func program(_ iterations: Int) -> Program {
    defer { next = (next + iterations) % calls.count }
    return Program(
      function: candidate.kernel.run, workers: candidate.workers, calls: UnsafeBufferPointer(calls),
      first: next, iterations: iterations)
  }

  private static func runsBetweenLooks(_ candidate: Candidate) -> Int {
    Int(min(max(1, 250 / max(candidate.predictedMicroseconds, 0.01)), 1e4))
  }

  /// How a block ends early. Unchecked: only worker 0 asks.
  private struct Cut: @unchecked Sendable {
    let shouldStop: () -> Bool
    let stride: Int
    let lastRun: UnsafeMutablePointer<Atomic<Int>>

    /// Worker 0 decides before the workers meet, so that all know of it afterwards. It may be a run ahead of the others:
    /// hence a run's number, and no flag, which one might see too early.
    func decide(after run: Int) {
      let isOpen = lastRun.pointee.load(ordering: .relaxed) == .max
      if isOpen, run % stride == 0, shouldStop() {
        lastRun.pointee.store(run, ordering: .releasing)
      }
    }

    func isReached(by run: Int) -> Bool { lastRun.pointee.load(ordering: .acquiring) <= run }
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

    func run(_ worker: Int, _ cut: Cut, meet: () -> Void) {
      guard let base = calls.baseAddress else { return }
      for run in 1...iterations {
        let index = (first + run - 1) % calls.count
        if worker < workers { function(base + index, worker, workers) }
        if worker == 0 { cut.decide(after: run) }
        meet()
        if cut.isReached(by: run) { return }
      }
    }
  }
}
