import DSCore
import DSKernels
import DSNetworks
import DSSchedule
import Synchronization

/// A network with packed weights and a kernel for every step: immutable, shared by any number of sessions
/// and threads.
///
///     let network = try Network(model: .mobileNetV1)
///     let prepared = try PreparedNetwork(
///       network, weights: WeightFile(path: "weights.safetensors"),
///       schedule: Schedule.read(path: "mobilenet-v1.schedule.json"))
///     let probabilities = try prepared.run(image)  // NHWC, preprocessed
public final class PreparedNetwork: Sendable {
  public let plan: NetworkPlan
  /// What became of the schedule's entries; empty without one.
  public let scheduleReport: ScheduleReport
  let steps: [PreparedKernel]
  let memory: MemoryPlan
  private let options: RuntimeOptions
  private let processors: [Int]
  private let idle = Mutex<[Session]>([])

  /// Loads, folds and packs the weights, and plans with the schedule's kernels where they fit.
  ///
  /// - Throws: `WeightError` for the weights, `RuntimeError` for options this machine cannot meet.
  public convenience init(
    _ network: Network, weights: some WeightSource, schedule: Schedule? = nil,
    options: RuntimeOptions = RuntimeOptions()
  ) throws {
    let host = try RuntimeHost(options, schedule: schedule)
    let resolution = schedule.map {
      ScheduleResolution(
        $0, network: network, machine: host.machine, instructionSet: host.instructionSet,
        workers: host.workers)
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
  /// - Parameter processors: where to bind the threads; the first is the caller's, which is not bound.
  public init(
    _ plan: NetworkPlan, weights: NetworkWeights, report: ScheduleReport = ScheduleReport(),
    options: RuntimeOptions = RuntimeOptions(), processors: [Int] = []
  ) throws(RuntimeError) {
    self.plan = plan
    scheduleReport = report
    self.options = options
    self.processors = options.bindsThreads ? processors : []
    memory = MemoryPlan(plan)
    var steps: [PreparedKernel] = []
    // All in one piece, in the order of use: on 4-KiB pages weights overflow the TLB, and where the system
    // puts each page decides which of them share cache sets, so that no two runs are alike.
    let byteCount = plan.steps.reduce(0) { $0 + $1.packedByteCount }
    guard let all = AlignedBuffer.pages(byteCount: byteCount, huge: true) else {
      throw .outOfMemory(byteCount: byteCount)
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
    self.steps = steps
  }

  public var network: Network { plan.network }
  public var inputCount: Int { network.input.elementCount }
  public var outputCount: Int { network.batch * network.classCount }
  /// Bytes of all feature maps of one session.
  public var activationByteCount: Int { memory.byteCount }
  public var packedWeightByteCount: Int { steps.reduce(0) { $0 + $1.packedByteCount } }

  /// Memory and threads of its own, for a caller that runs many inferences.
  public func makeSession() throws(RuntimeError) -> Session {
    try makeSession(
      sharing: WorkerPool(
        workers: plan.workers, processors: processors,
        idleSpinMicroseconds: options.idleSpinMicroseconds))
  }

  /// Memory of its own, and threads that other sessions use too: one of them may run at a time.
  public func makeSession(sharing pool: WorkerPool) throws(RuntimeError) -> Session {
    try Session(self, pool: pool)
  }

  /// Class probabilities [batch][classes] of an NHWC image (or images). Safe to call from several threads
  /// at once: each gets a session of its own, and sessions are kept for the next call.
  ///
  /// - Throws: `RuntimeError.wrongInputCount`.
  public func run(_ image: [Float]) throws(RuntimeError) -> [Float] {
    let waiting = idle.withLock { $0.popLast() }
    let session = if let waiting { waiting } else { try makeSession() }
    defer { idle.withLock { $0.append(session) } }
    return try session.run(image)
  }
}

extension NetworkPlan.Step {
  fileprivate var packedByteCount: Int {
    PreparedKernel.packedByteCount(choice.kernel, problem, choice.values)
  }
}
