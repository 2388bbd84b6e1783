import DSCore
import DSKernels
import DSNetworks
import DSSchedule

/// A network with packed weights and a kernel for every step: immutable, shared by any number of sessions
/// and threads.
///
///     let network = try Network(model: .mobileNetV1)
///     let prepared = try PreparedNetwork(
///       network, weights: WeightFile(path: "weights.safetensors"),
///       schedule: Schedule.read(path: "mobilenet-v1.schedule.json"))
///     let probabilities = try prepared.run(image)  // NHWC, preprocessed
///
/// A child of `fork` may use it like its parent, and shares the packed weights' pages with it. What large things take is checked
/// against the machine's memory, `ulimit -v` and `-d` and the control group's limit before, and is an error; Swift's own small
/// arrays still end the process where nothing at all is left.
public final class PreparedNetwork: Sendable {
  /// What became of the schedule's entries; empty without one.
  public let scheduleReport: ScheduleReport
  private let parts: NetworkParts
  private let options: RuntimeOptions
  private let processors: [Int]
  private let idle = IdleSessions()

  /// Loads, folds and packs the weights, and plans with the schedule's kernels where they fit.
  ///
  /// - Throws: `WeightError` for the weights, `RuntimeError` for options this machine cannot meet and for want of memory.
  public convenience init(
    _ network: Network, weights: some WeightSource, schedule: Schedule? = nil,
    options: RuntimeOptions = RuntimeOptions()
  ) throws {
    let host = try RuntimeHost(options, schedule: schedule)
    let network = host.inMicroBatches(network, schedule: schedule)
    try MemoryNeed(network).check()
    let resolution = schedule.map {
      ScheduleResolution(
        $0, network: network, machine: host.machine, instructionSet: host.instructionSet,
        workers: host.workers, cacheDomains: host.cacheDomains)
    }
    let plan = try NetworkPlan(
      network, choices: resolution?.choices ?? [:], model: CostModel(machine: host.machine),
      instructionSet: host.instructionSet, workers: host.workers)
    try self.init(
      plan, weights: NetworkWeights(network, from: weights),
      report: resolution?.report ?? ScheduleReport(), options: options, processors: host.processors)
  }

  /// Packs the weights for a plan.
  ///
  /// - Parameters:
  ///   - weights: of the plan's network, or of one whose layers have the same weights.
  ///   - processors: where to bind the threads; the first is the caller's, which is not bound.
  /// - Throws: `RuntimeError.outOfMemory`.
  public init(
    _ plan: NetworkPlan, weights: NetworkWeights, report: ScheduleReport = ScheduleReport(),
    options: RuntimeOptions = RuntimeOptions(), processors: [Int] = []
  ) throws(RuntimeError) {
    precondition(
      weights.layers.count == plan.network.layers.count
        && zip(weights.layers, plan.network.layers).allSatisfy { $0.fits($1.stage) },
      "weights of \(weights.network.name) for a plan of \(plan.network.name)")
    scheduleReport = report
    self.options = options
    self.processors = options.bindsThreads ? processors : []
    var steps: [PreparedKernel] = []
    // All in one piece, in the order of use: on 4-KiB pages weights overflow the TLB, and where the system
    // puts each page decides which of them share cache sets, so that no two runs are alike.
    let byteCount = plan.steps.reduce(0) { $0 + $1.packedByteCount }
    let all = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      try AlignedBuffer.pages(byteCount: byteCount, huge: true)
    }
    var offset = 0
    for step in plan.steps {
      steps.append(
        PreparedKernel(
          step.choice.kernel, step.problem, step.choice.values,
          weights: Array(weights.layers[step.layers]), channelBlock: plan.channelBlock
        ) { bytes in
          defer { offset += bytes }
          return all.slice(at: offset, byteCount: bytes)
        })
    }
    parts = NetworkParts(plan, steps: steps)
  }

  public var plan: NetworkPlan { parts.plan }
  public var network: Network { plan.network }
  /// Values of one input, all images of the batch together.
  public var inputCount: Int { parts.inputCount }
  /// Values of one output: classes of all images of the batch.
  public var outputCount: Int { parts.outputCount }
  /// Bytes of all feature maps of one session.
  public var activationByteCount: Int { parts.memory.byteCount }
  /// What a session takes when it runs.
  package var sessionByteCount: Int {
    let scratch = parts.steps.map(\.scratchBytesPerWorker).max() ?? 0
    return activationByteCount + scratch * plan.workers
  }
  /// Bytes of all kernels' packed weights, which all sessions share.
  public var packedWeightByteCount: Int { parts.steps.reduce(0) { $0 + $1.packedByteCount } }

  /// Steps that are gone through in bands of rows.
  public struct Chain: Hashable, Sendable {
    /// Indices into the plan's steps.
    public let steps: Range<Int>
    /// Of the worker that has most.
    public let bands: Int
    /// What comes round in one worker with every band: rings and weights.
    public let byteCount: Int
  }

  /// In their order. None where every map is stored.
  public var chains: [Chain] {
    parts.chains.map { chain in
      let bytes = chain.steps.map { step in
        parts.steps[step].packedByteCount
          + (chain.ring(step, of: parts.steps[step].outputLayout)?.byteCount ?? 0)
      }
      return Chain(
        steps: chain.steps, bands: chain.bands.map(\.count).max() ?? 1,
        byteCount: bytes.reduce(0, +))
    }
  }

  /// Memory and threads of its own, for a caller that runs many inferences.
  ///
  /// - Parameter rehearses: whether it runs once, on zeros, before it is returned, so that the first inference takes no longer
  ///   than others. Without, that one maps memory and code, but its result is there sooner: for a caller that runs only one.
  /// - Throws: `RuntimeError.outOfMemory`, `.threadRefused`.
  public func makeSession(rehearses: Bool = true) throws(RuntimeError) -> Session {
    try makeSession(sharing: makePool(), rehearses: rehearses)
  }

  /// Memory of its own, and threads that other sessions use too; their inferences take turns.
  ///
  /// - Parameters:
  ///   - pool: of as many threads as the plan has workers, or more.
  ///   - rehearses: as above.
  /// - Throws: `RuntimeError.outOfMemory`.
  public func makeSession(
    sharing pool: WorkerPool, rehearses: Bool = true
  ) throws(RuntimeError) -> Session {
    try Session(parts, pool: pool, rehearses: rehearses)
  }

  private func makePool() throws(RuntimeError) -> WorkerPool {
    try WorkerPool(
      workers: plan.workers, processors: processors,
      idleSpinMicroseconds: options.idleSpinMicroseconds)
  }

  /// What the network gives for an NHWC image (or images), [batch][classes]: class probabilities where it ends in a softmax,
  /// otherwise scores.
  ///
  /// Safe to call from several threads at once. Each call has memory of its own, kept for the next; the threads of
  /// a plan with more than one worker are the same for all, so that such calls take turns. For throughput,
  /// plan with `RuntimeOptions(threads: 1)`: those calls run side by side.
  ///
  /// - Throws: `RuntimeError.wrongInputCount`; the first calls, also of a child of `fork`, `.outOfMemory` and `.threadRefused`.
  public func run(_ image: [Float]) throws(RuntimeError) -> [Float] {
    let session = try takeSession()
    defer { idle.giveBack(session) }
    return try session.run(image)
  }

  /// Scores and, where the network ends in a softmax, probabilities of one inference; otherwise as `run`.
  public func prediction(_ image: [Float]) throws(RuntimeError) -> Prediction {
    let session = try takeSession()
    defer { idle.giveBack(session) }
    return try session.prediction(image)
  }

  private func takeSession() throws(RuntimeError) -> Session {
    try idle.take(
      pool: { () throws(RuntimeError) in try makePool() },
      session: { (pool) throws(RuntimeError) in
        try makeSession(sharing: pool, rehearses: false)
      })
  }
}

extension NetworkPlan.Step {
  fileprivate var packedByteCount: Int {
    PreparedKernel.packedByteCount(choice.kernel, problem, choice.values)
  }
}
