import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule

/// Tunes one network on one machine: times the candidates of every problem, chooses over the whole chain
/// which blocks to fuse, and keeps what makes the whole network faster.
public final class Tuner {
  let request: TuningRequest
  let machine: MachineDescription
  let declared: MachineDescription
  let journal: Journal?
  let recorded: RecordedTrials
  let registry: Registry
  let pool: WorkerPool
  /// The core pattern of each number of workers that may be tried, as the schedule names it.
  let patterns: [Int: CorePattern]
  private let shouldStop: () -> Bool
  let report: (TuningEvent) -> Void
  private let start = cs_monotonic_ns()
  var noiseFloor = 1.0
  /// What a barrier of the threads took before each race: a hypervisor may move their cores apart meanwhile.
  private(set) var barrierNanoseconds: [Double]
  /// Why the whole network could not be timed.
  private(set) var networkFailure: RuntimeError?
  /// What an inference takes by the times of its layers; known before the whole network is timed.
  var expectedInferenceSeconds = 0.0
  /// What the races must leave of the time limit, so that the whole network has its word.
  private var reservedSeconds = 0.0
  private var drawnWeights: NetworkWeights?

  /// - Parameters:
  ///   - machine: with the measured roofs; `declared` as the topology alone describes it.
  ///   - patterns: the core pattern of each number of workers that may be tried.
  ///   - recorded: trials of the run that is continued.
  ///   - registry: the kernels there are.
  ///   - shouldStop: asked between rounds; the result is then the best so far.
  /// - Throws: `RuntimeError.threadRefused`.
  public init(
    _ request: TuningRequest, machine: MachineDescription, declared: MachineDescription,
    patterns: [Int: CorePattern], journal: Journal? = nil,
    recorded: RecordedTrials = RecordedTrials(), registry: Registry = .standard,
    shouldStop: @escaping () -> Bool = { false },
    report: @escaping (TuningEvent) -> Void = { _ in }
  ) throws(RuntimeError) {
    precondition(patterns[request.workers] != nil, "no core pattern for \(request.workers) workers")
    self.request = request
    self.machine = machine
    self.declared = declared
    self.patterns = patterns
    self.journal = journal
    self.recorded = recorded
    barrierNanoseconds = recorded.barrierNanoseconds
    self.registry = registry
    self.shouldStop = shouldStop
    self.report = report
    pool = try WorkerPool(
      workers: request.effort == .estimate || request.isReplay ? 1 : request.workers,
      processors: request.processors, idleSpinMicroseconds: 2000)
  }

  var elapsedSeconds: Double {
    Double(ClockTime.elapsed(from: start, to: cs_monotonic_ns())) / 1e9
  }
  var remainingSeconds: Double {
    (request.seconds ?? .infinity) - reservedSeconds - elapsedSeconds
  }
  var isStopping: Bool { shouldStop() || remainingSeconds <= 0 }

  /// Runs the whole tuning. What could not be measured is predicted, and the schedule says so.
  ///
  /// - Throws: What `NetworkPlan.init` does, and `RuntimeError.outOfMemory`; the journal then has all that was timed.
  public func tune() throws(RuntimeError) -> TuningResult {
    let spaces = searchSpaces()
    if request.effort == .estimate {
      return try TuningResult(self, results: spaces.map(predicted), confirmation: nil)
    }
    let processors = request.isReplay ? [] : bindCaller()
    defer { if !processors.isEmpty { _ = cs_affinity_set(processors, Int32(processors.count)) } }
    if request.shard == nil { reservedSeconds = networkReserve(spaces) + ladderReserve }
    try measureNoise(spaces)
    let total = spaces.reduce(0) { $0 + expectedSeconds($1) }
    var done = 0.0
    var results: [ProblemResult] = []
    for space in spaces {
      report(.progress(completed: done, total: total * 1.15, label: space.problem.key))
      measureBarrier()
      let result = try race(space)
      results.append(result)
      report(.problem(result))
      done += expectedSeconds(space)
    }
    report(.progress(completed: done, total: total * 1.15, label: "whole network"))
    reservedSeconds = request.shard == nil ? ladderReserve : 0
    measureBarrier()
    let confirmation = request.shard == nil ? confirmed(results) : nil
    measureBarrier()
    reservedSeconds = 0
    let ladder = request.shard == nil ? climbLadder() : nil
    return try TuningResult(
      self, results: results, confirmation: confirmation, ladder: ladder)
  }

  /// All plans together take more memory than one; where that is not there, what the races found is not lost.
  private func confirmed(_ results: [ProblemResult]) -> Confirmation? {
    do throws(RuntimeError) {
      return try confirm(results)
    } catch {
      networkFailure = error
      report(.warning("the whole network could not be timed: \(error.description)"))
      return nil
    }
  }

  /// Binds the calling thread, which is worker 0; returns the processors it had before.
  private func bindCaller() -> [Int32] {
    guard let first = request.processors.first else { return [] }
    var before = [Int32](repeating: 0, count: Int(CS_MAXIMUM_CPUS))
    let count = cs_affinity_get(&before, CS_MAXIMUM_CPUS)
    var processor = Int32(first)
    let failure = cs_affinity_set(&processor, 1)
    if failure != 0 {
      report(.warning("this thread could not be bound to processor \(first): error \(failure)"))
    }
    return Array(before.prefix(max(0, Int(count))))
  }

  var coreDoubts: [MeasurementDoubt] {
    MeasurementDoubt.doubts(
      barrierNanoseconds: barrierNanoseconds, pattern: patterns[request.workers], on: declared)
  }

  private func measureBarrier() {
    if request.workers == 1 || request.isReplay || isStopping { return }
    let nanoseconds = (pool.barrierNanoseconds() * 10).rounded() / 10
    barrierNanoseconds.append(nanoseconds)
    journal?.append(barrierNanoseconds: nanoseconds)
  }

  // MARK: - Candidates

  /// Singles first, then the fused blocks that the model does not rule out, the costliest first in each.
  package func searchSpaces() -> [SearchSpace] {
    let model = CostModel(machine: machine)
    let defaultModel = CostModel(machine: declared)
    // Without timing nothing is compared: what the default model picks for all workers is taken.
    let isEstimate = request.effort == .estimate
    let counts = patterns.keys
      .filter { isEstimate ? $0 == request.workers : $0 <= request.workers }.sorted()
    func space(_ problem: Problem, _ count: Int) -> SearchSpace? {
      SearchSpace(
        problem, count: count, request: request, workerCounts: counts, model: model,
        defaultModel: defaultModel, registry: registry)
    }
    var singles = request.network.problems.compactMap { space($0.problem, $0.count) }
    let total = singles.reduce(0) { $0 + $1.bestPrediction * Double($1.count) }
    for index in singles.indices {
      let own = singles[index].bestPrediction * Double(singles[index].count)
      singles[index].isMajor = own >= Effort.majorShare * total
    }
    let bestOf = Dictionary(
      uniqueKeysWithValues: singles.map { ($0.problem, $0.bestPrediction) })
    var groups: [Problem: (count: Int, parts: Double)] = [:]
    for group in isEstimate ? [] : request.network.fusionGroups {
      let parts = request.network.layers[group.layers].reduce(0) {
        $0 + (bestOf[$1.problem] ?? 0)
      }
      groups[group.problem] = (groups[group.problem, default: (0, parts)].count + 1, parts)
    }
    let fused = groups.compactMap { problem, group -> SearchSpace? in
      guard let space = space(problem, group.count) else { return nil }
      // What is in a shard was decided by the plan, whose machine's roofs need not be quite these.
      let isHopeful =
        request.shard?.problems.contains(problem.key)
        ?? (space.bestPrediction < group.parts * request.effort.fusionCutoff)
      return isHopeful ? space : nil
    }
    func costliestFirst(_ spaces: [SearchSpace]) -> [SearchSpace] {
      spaces.sorted {
        (-$0.bestPrediction * Double($0.count), $0.problem.key)
          < (-$1.bestPrediction * Double($1.count), $1.problem.key)
      }
    }
    let all = costliestFirst(singles) + costliestFirst(fused)
    guard let shard = request.shard else { return all }
    return all.filter { shard.problems.contains($0.problem.key) }
  }

  func predicted(_ space: SearchSpace) -> ProblemResult {
    ProblemResult(predicted: space, best: space.reference)
  }

  func expectedSeconds(_ space: SearchSpace) -> Double {
    let block = max(200e-6, space.bestPrediction * 1e-6)
    let rounds = Double(request.effort.maximumRounds(isMajor: space.isMajor))
    let race = Double(space.candidates.count) * block * 1.4 * rounds * 0.5
    return min(race, request.effort.raceSeconds(isMajor: space.isMajor)) + 0.02
  }

  // MARK: - Measuring

  /// Drawing Xception's takes a second, and they are needed twice.
  func networkWeights() throws(RuntimeError) -> NetworkWeights {
    if let drawnWeights { return drawnWeights }
    do {
      let weights = try NetworkWeights(request.network, from: SeededWeights(seed: request.seed))
      drawnWeights = weights
      return weights
    } catch {
      guard let shortage = error.memoryShortage else {
        preconditionFailure("seeded weights of \(request.network.name): \(error)")
      }
      throw RuntimeError(shortage)
    }
  }

  var channelBlock: Int {
    request.instructionSet.channelBlock(request.network.elementType)
  }

  /// Weights of one problem in rotation: all of the network's, or enough to push each other out of L2.
  var rotationBytes: Int {
    let all = request.network.layers.reduce(0) { $0 + $1.stage.weightCount * 4 }
    return min(all, 2 * (machine.cache(level: 2)?.byteCount ?? 1 << 20))
  }
}

extension SearchSpace {
  var bestPrediction: Double {
    candidates.map(\.predictedMicroseconds).min() ?? reference.predictedMicroseconds
  }
}

extension Effort {
  /// Fused blocks predicted slower than their parts by more than this are not timed.
  var fusionCutoff: Double {
    switch self {
    case .estimate: 0
    case .measure: 1.1
    case .patient: 1.5
    case .exhaustive: .infinity
    }
  }
}
