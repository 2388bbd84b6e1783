import CSystem
import DSCore
import DSKernels

/// One arena, one set of threads, one inference at a time.
///
/// An inference is one program that all threads walk: each does its share of a step, of a long one then pieces that others
/// have not come to, or its rows of a whole chain of steps, and before the next waits for those whose part of the work it
/// needs. It allocates nothing and, while the threads are awake, makes no system call.
/// Concurrent calls of `run` take turns. A child of `fork` may go on using it: its first inference there starts threads of the
/// child's own, whatever the parent's were doing, and may throw `RuntimeError.threadRefused`.
public final class Session: @unchecked Sendable {
  /// What the network is made of, not the network: that holds its idle sessions.
  private let network: NetworkParts
  private let pool: WorkerPool
  private let arena: AlignedBuffer
  private let scratch: AlignedBuffer
  private let program: SessionProgram
  private let turn = Turn()
  private let forks = ForkGuard()
  /// Of each step in the profiled inference, written by worker 0.
  private let nanoseconds: UnsafeMutableBufferPointer<UInt64>
  private var isProfiling = false
  /// Who waits for whom before which stretch; `nil` where all wait for all after every one.
  package private(set) var order: StepOrder?
  private let counts: StepCounts
  /// From this number of workers on there is a barrier after every step: the flags of so many would be more lines to
  /// look at than a barrier has.
  private static let fewestWorkersForBarriers = 17
  /// Made once: a closure made for every inference would be an allocation for every inference.
  private var walk: @Sendable (Int) -> Void = { _ in }

  /// - Parameter rehearses: whether it runs once before anybody can ask it to.
  init(_ network: NetworkParts, pool: WorkerPool, rehearses: Bool) throws(RuntimeError) {
    precondition(
      pool.workers >= network.plan.workers,
      "\(pool.workers) threads for a plan of \(network.plan.workers)")
    self.pool = pool
    let plan = network.plan
    self.network = network
    // A worker's scratch is its own in all steps: another one may be a step behind.
    let scratchBytesPerWorker = network.steps.map(\.scratchBytesPerWorker).max() ?? 0
    let scratchBytes = scratchBytesPerWorker * plan.workers
    let images = rehearses ? network.microBatchBytes : 0
    // Together: none of their pages is there before the first inference, for the next to see what is left.
    try MemoryNeed(byteCount: Double(network.memory.byteCount + scratchBytes + images)).check()
    (arena, scratch) = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      (
        try AlignedBuffer.pages(byteCount: network.memory.byteCount, huge: true),
        try AlignedBuffer.pages(byteCount: scratchBytes, huge: true)
      )
    }
    program = SessionProgram(
      network, arena: arena.base, scratch: scratch.base,
      scratchBytesPerWorker: scratchBytesPerWorker)
    nanoseconds = .allocate(capacity: plan.steps.count)
    nanoseconds.initialize(repeating: 0)
    counts = StepCounts(workers: plan.workers)
    if plan.workers < Self.fewestWorkersForBarriers { order = network.order() }
    // The pool calls it only while `execute` runs, so the session cannot be gone.
    walk = { [unowned(unsafe) self] worker in self.walk(worker) }
    if rehearses { try rehearse() }
  }

  deinit { nanoseconds.deallocate() }

  /// One micro-batch of zeros, so that the first inference finds memory and the kernels' code mapped, and each worker's part of the
  /// packed weights in the caches of its own core, not of the one that packed them.
  private func rehearse() throws(RuntimeError) {
    let images = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      try AlignedBuffer.pages(byteCount: network.microBatchBytes, huge: false)
    }
    withExtendedLifetime(images) { execute(0, of: images.base) }
  }

  /// In a child of `fork`: the threads are started, and what the parent's had counted is as it was in the beginning.
  @inline(__always)
  private func renew() throws(RuntimeError) {
    forks.renew {
      turn.restart()
      counts.restart()
      program.restart()
      isProfiling = false
    }
    try pool.renew()
  }

  public var plan: NetworkPlan { network.plan }

  // MARK: - Running

  /// What the network gives for an NHWC image, [batch][classes]: class probabilities where it ends in a softmax, otherwise
  /// scores.
  ///
  /// - Throws: `RuntimeError.wrongInputCount`; `.outOfMemory` for the result of a large batch.
  public func run(_ image: [Float]) throws(RuntimeError) -> [Float] {
    var values = try output()
    try run(image, into: &values)
    return values
  }

  /// As above, without allocating.
  ///
  /// - Throws: `RuntimeError.wrongInputCount`, `.wrongOutputCount`.
  public func run(
    _ image: [Float], into output: inout [Float]
  ) throws(RuntimeError) {
    try run(image, step: network.plan.steps.count - 1, into: &output)
  }

  /// The scores before the softmax (logits), [batch][classes].
  ///
  /// - Throws: `RuntimeError.wrongInputCount`.
  public func scores(_ image: [Float]) throws(RuntimeError) -> [Float] {
    var scores = try output()
    try run(image, step: network.plan.scoreStep, into: &scores)
    return scores
  }

  /// Scores and, where the network ends in a softmax, probabilities of one inference.
  ///
  /// - Throws: `RuntimeError.wrongInputCount`.
  public func prediction(_ image: [Float]) throws(RuntimeError) -> Prediction {
    try checkCount(of: image)
    var scores = try output()
    var probabilities = try output()
    try renew()
    turn.withLock {
      image.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        for microBatch in 0..<network.microBatchCount {
          execute(microBatch, of: base)
          scores.withUnsafeMutableBufferPointer { read(plan.scoreStep, of: microBatch, into: $0) }
          probabilities.withUnsafeMutableBufferPointer {
            read(plan.steps.count - 1, of: microBatch, into: $0)
          }
        }
      }
    }
    return Prediction(scores: scores, probabilities: probabilities)
  }

  /// Room for a result. What is allowed is in the system's files, which small results are not worth.
  private func output() throws(RuntimeError) -> [Float] {
    if network.outputCount > 1 << 20 {
      try MemoryNeed(byteCount: 4 * Double(network.outputCount)).check()
    }
    return [Float](repeating: 0, count: network.outputCount)
  }

  private func checkCount(of image: [Float]) throws(RuntimeError) {
    guard image.count == network.inputCount else {
      throw .wrongInputCount(given: image.count, needed: network.inputCount)
    }
  }

  private func run(_ image: [Float], step: Int, into output: inout [Float]) throws(RuntimeError) {
    try checkCount(of: image)
    guard output.count == network.outputCount else {
      throw .wrongOutputCount(given: output.count, needed: network.outputCount)
    }
    try renew()
    turn.withLock {
      image.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress else { return }
        for microBatch in 0..<network.microBatchCount {
          execute(microBatch, of: base)
          output.withUnsafeMutableBufferPointer { read(step, of: microBatch, into: $0) }
        }
      }
    }
  }

  /// Runs the program once, on one micro-batch of the images in memory; its results stay in the arena until the next.
  private func execute(_ microBatch: Int, of images: UnsafeRawPointer) {
    program.read(from: images + microBatch * network.microBatchBytes)
    pool.run(walk)
  }

  @inline(__always)
  private func walk(_ worker: Int) {
    if isProfiling {
      walkProfiling(worker)
    } else if let order {
      walk(worker, order)
    } else {
      walkTogether(worker)
    }
  }

  /// Waits for nobody but whom a stretch needs.
  private func walk(_ worker: Int, _ order: StepOrder) {
    if worker >= plan.workers { return }
    let start = counts.done(by: worker)
    var waits = order.waits[worker][...]
    for stretch in 0..<program.stretchCount {
      while let wait = waits.first, wait.step == stretch {
        counts.wait(for: wait.worker, toReach: start &+ UInt32(wait.stepsDone))
        waits.removeFirst()
      }
      program.run(stretch, worker)
      if plan.workers > 1 { counts.advance(worker) }
    }
  }

  /// Waits for everybody after each stretch.
  private func walkTogether(_ worker: Int) {
    for stretch in 0..<program.stretchCount {
      if worker < plan.workers { program.run(stretch, worker) }
      pool.meet()
    }
  }

  /// The same, so that a step's time is its own, and none of it another's. Inside a chain it is that of worker 0's rows; waiting
  /// for the others counts for the last step.
  private func walkProfiling(_ worker: Int) {
    var start = cs_monotonic_ns()
    for (stretch, steps) in network.stretches.enumerated() {
      if steps.count > 1, worker == 0 {
        program.run(stretch, worker, adding: nanoseconds)
        start = cs_monotonic_ns()
      } else if worker < plan.workers {
        program.run(stretch, worker)
      }
      pool.meet()
      if worker > 0 { continue }
      let end = cs_monotonic_ns()
      nanoseconds[steps.upperBound - 1] += ClockTime.elapsed(from: start, to: end)
      start = end
    }
  }

  /// Copies a step's output, whose images are one pixel each, from channel blocks to [batch][channels].
  private func read(_ step: Int, of microBatch: Int, into target: UnsafeMutableBufferPointer<Float>)
  {
    let layout = network.steps[step].outputLayout
    let first = microBatch * layout.shape.pixelCount
    let base = arena.base + network.memory.offset(step: step)
    let channels = layout.shape.channels
    for image in 0..<layout.shape.pixelCount {
      for channel in 0..<channels {
        let offset = layout.byteOffset(pixel: image, channel: channel)
        target[(first + image) * channels + channel] = base.load(
          fromByteOffset: offset, as: Float.self)
      }
    }
  }

  // MARK: - Measuring

  private func renewOrEnd() {
    do {
      try renew()
    } catch {
      preconditionFailure("an inference of \(plan.network.name) in a child of fork: \(error)")
    }
  }

  /// Nanoseconds of one inference, without copying its result; at least 1, whatever the clock says.
  ///
  /// Where a child of `fork` is refused its threads, the process ends; `run` throws then.
  ///
  /// - Parameter image: the network's `inputCount` Float32 values, NHWC.
  public func timedRun(_ image: UnsafeRawPointer) -> UInt64 {
    renewOrEnd()
    return turn.withLock {
      let start = cs_monotonic_ns()
      for microBatch in 0..<network.microBatchCount { execute(microBatch, of: image) }
      return max(1, ClockTime.elapsed(from: start, to: cs_monotonic_ns()))
    }
  }

  /// Nanoseconds of one inference and of each of its steps, barriers included; of all micro-batches together. In a child of `fork` as
  /// `timedRun`.
  ///
  /// - Parameter image: the network's `inputCount` Float32 values, NHWC.
  public func profiledRun(_ image: UnsafeRawPointer) -> (total: UInt64, steps: [UInt64]) {
    renewOrEnd()
    return turn.withLock {
      isProfiling = true
      defer { isProfiling = false }
      nanoseconds.update(repeating: 0)
      let start = cs_monotonic_ns()
      for microBatch in 0..<network.microBatchCount { execute(microBatch, of: image) }
      let total = max(1, ClockTime.elapsed(from: start, to: cs_monotonic_ns()))
      return (total, Array(nanoseconds))
    }
  }
}
