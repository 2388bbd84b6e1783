import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule

extension Tuner {
  private static let raceName = "whole network"
  private struct Entrant {
    let label: String
    let plan: NetworkPlan
    /// As the journal calls it.
    var name: String { "\(label) \(plan.fingerprint)" }
  }

  /// Races the default network against what was chosen; keeps the winner. What wins layer by layer only counts if it
  /// wins here.
  ///
  /// - Returns: `nil` if there were too few rounds for a claim.
  func confirm(_ results: [ProblemResult]) throws(RuntimeError) -> Confirmation? {
    expectedInferenceSeconds =
      results.filter { $0.space.problem.stages.count == 1 }
      .reduce(0) { $0 + $1.microseconds * Double($1.space.count) } / 1e6
    let entrants = try entrants(results)
    // Rounds of other plans, before a shorter run was continued, say nothing of these.
    let earlier = recorded.races[Self.raceName].flatMap {
      $0.candidates == entrants.map(\.name) ? $0 : nil
    }
    let isDecided = earlier?.isFinished == true || request.isReplay
    if isDecided ? earlier?.rounds.isEmpty != false : isStopping { return nil }
    var record = earlier ?? RecordedTrials.Race()
    let outcome: PairedRace.Outcome
    if isDecided {
      outcome = networkRace(entrants, record).run(
        costs: costs(entrants), iterations: record.iterations ?? 1, shouldStop: { true }
      ) { _, _ in }
    } else {
      if earlier?.iterations == nil {
        record.candidates = entrants.map(\.name)
        record.iterations = networkIterations
      }
      guard let ended = try run(entrants, &record, isNew: earlier?.iterations == nil) else {
        return nil
      }
      outcome = ended
    }
    return Confirmation(
      outcome, plans: entrants.map(\.plan.choices), rules: networkRules(record),
      shortfall: shortfall(record), isAccepting: request.isAccepting)
  }

  /// What a gain is that is too small for the rules of a recorded race: the floor that it has to exceed says whose it is.
  private func shortfall(_ record: RecordedTrials.Race) -> TuningOutcome {
    let floor = record.floor ?? noiseFloor
    if floor <= request.effort.smallestNetworkClaim { return .tooSmall }
    return floor == Effort.claimWhereCoresMove ? .coresMoved : .tooNoisy
  }

  private func costs(_ entrants: [Entrant]) -> [CandidateCost] {
    entrants.map { CandidateCost(threads: $0.plan.workers, name: $0.label) }
  }

  private func networkRace(
    _ entrants: [Entrant], _ record: RecordedTrials.Race
  ) -> PairedRace {
    var race = PairedRace(rules: networkRules(record))
    race.recorded = record.rounds(among: entrants.count)
    race.observe = { [journal] round in journal?.append(race: Self.raceName, round: round) }
    return race
  }

  /// Runs the entrants, and before a new race the default against itself.
  ///
  /// - Returns: `nil` if the time did not suffice for the latter.
  private func run(
    _ entrants: [Entrant], _ record: inout RecordedTrials.Race, isNew: Bool
  ) throws(RuntimeError) -> PairedRace.Outcome? {
    // The default twice: two arenas lie differently, and that alone makes a difference.
    let plans = entrants.map(\.plan) + (isNew ? [entrants[0].plan] : [])
    guard let sessions = try sessions(for: plans) else { return nil }
    let image = try SeededWeights(seed: request.seed).checkedInput(shape: request.network.input)
    return image.withUnsafeBytes { bytes -> PairedRace.Outcome? in
      func run(_ session: Session, _ count: Int) {
        guard let base = bytes.baseAddress else { return }
        for _ in 0..<count where !isStopping { _ = session.timedRun(base) }
      }
      let iterations = record.iterations ?? 1
      if isNew, let again = sessions.last {
        let copies = [sessions[0], again]
        let pairs = request.effort.networkPairs(inferenceSeconds: expectedInferenceSeconds)
        let floor = NoiseFloor(
          timer: BlockTimer(), iterations: iterations, rounds: pairs,
          shouldStop: { [self] in isStopping }, prepare: { run(copies[$0], 1) }
        ) { run(copies[$0], $1) }
        guard let floor else { return nil }
        record.floor = Effort.networkFloor(copies: floor.ratio, coreDoubts: coreDoubts)
        journal?.append(race: Self.raceName, record)
      }
      var race = networkRace(entrants, record)
      // As an application runs it, one inference after the other: after another plan's, with weights and feature maps
      // of its own, all of a network's are cold.
      race.prepare = { run(sessions[$0], 1) }
      let outcome = race.run(
        costs: costs(entrants), iterations: iterations, shouldStop: { [self] in isStopping }
      ) { run(sessions[$0], $1) }
      if outcome.ending != .interrupted { journal?.append(finished: Self.raceName) }
      return outcome
    }
  }

  /// Not rehearsed: races warm them. `nil` where the time is over before all are ready.
  func sessions(for plans: [NetworkPlan]) throws(RuntimeError) -> [Session]? {
    let weights = try networkWeights()
    var prepared: [PreparedNetwork] = []
    for plan in plans {
      if isStopping { return nil }
      prepared.append(try PreparedNetwork(plan, weights: weights))
    }
    // Nothing of them is resident before they run.
    try MemoryNeed(byteCount: prepared.reduce(0) { $0 + Double($1.sessionByteCount) }).check()
    var sessions: [Session] = []
    for network in prepared {
      if isStopping { return nil }
      sessions.append(try network.makeSession(sharing: pool, rehearses: false))
    }
    return sessions
  }

  private func networkRules(_ record: RecordedTrials.Race) -> RaceRules {
    var rules = rules(seconds: min(remainingSeconds, 120))
    // Of whole inferences, where it was measured: that of a single problem's short blocks is far higher.
    rules.noiseFloor = max(record.floor ?? noiseFloor, request.effort.smallestNetworkClaim)
    rules.maximumRounds = request.effort.networkRounds(inferenceSeconds: expectedInferenceSeconds)
    // Nine rounds of a small network are a tenth of a second, less than a slow moment of the machine, and could decide.
    rules.minimumRounds = rules.maximumRounds / 2
    rules.equivalence = 1.002
    rules.grossRatio = .infinity
    return rules
  }

  /// Seconds of the time limit that the races of single problems must leave: what the whole network needs
  /// for a decision, as far as the limit allows.
  func networkReserve(_ spaces: [SearchSpace]) -> Double {
    guard let limit = request.seconds else { return 0 }
    let run = spaces.filter { $0.problem.stages.count == 1 }
      .reduce(0) { $0 + $1.bestPrediction * Double($1.count) / 1e6 }
    let rounds = request.effort.networkRounds(inferenceSeconds: run) / 2
    let blocks = 2 * rounds + 2 * Effort.fewestPairs + 2 * 4
    // The default twice, the winners, and some fused blocks.
    let profiled = 4 * NetworkProfile.fewestRounds
    // With the inference before each block.
    let seconds = Double(blocks) * (max(run, 0.004) + run) + Double(2 * profiled) * run
    return min(0.5 * limit, max(0.2 * limit, 1.3 * seconds))
  }

  /// Inferences in one block: about four milliseconds' worth, one for large networks.
  private var networkIterations: Int {
    max(1, Int(0.004 / max(expectedInferenceSeconds, 1e-6)))
  }

  /// The default and what was chosen inside the network (or, without time for that, by the races), if it differs:
  /// two sessions of the same plan would differ by where they lie alone.
  private func entrants(_ results: [ProblemResult]) throws(RuntimeError) -> [Entrant] {
    var tuned: [Problem: KernelChoice] = [:]
    var fused: [Problem: KernelChoice] = [:]
    for result in results {
      let choice = KernelChoice(result.winner)
      if result.space.problem.stages.count == 1 {
        tuned[result.space.problem] = choice
      } else if result.state != .predicted {
        fused[result.space.problem] = choice
      }
    }
    var wanted: [(String, [Problem: KernelChoice])] = [("default", [:])]
    if let choices = try inNetworkChoices(singles: tuned, fused: fused) {
      // Of two that tie the first name wins.
      let labels = ["large gains inside the network", "small gains inside the network too"]
      for (label, choice) in zip(labels, choices) {
        let singles = tuned.filter { choice.tuned.contains($0.key.key) }
        let blocks = fused.filter { choice.fused.contains($0.key.key) }
        wanted.append((label, singles.merging(blocks) { own, _ in own }))
      }
    } else {
      wanted.append(("tuned and fused", tuned.merging(chained(fused, results)) { own, _ in own }))
    }
    var entrants: [Entrant] = []
    for (label, choices) in wanted {
      let plan = try plan(choices)
      if entrants.contains(where: { $0.plan.fingerprint == plan.fingerprint }) { continue }
      entrants.append(Entrant(label: label, plan: plan))
    }
    return entrants
  }

  /// The fused blocks of the cheapest chain by the times of their own races.
  private func chained(
    _ fused: [Problem: KernelChoice], _ results: [ProblemResult]
  ) -> [Problem: KernelChoice] {
    let microseconds = Dictionary(
      uniqueKeysWithValues: results.map { ($0.space.problem, $0.microseconds) })
    let chain = ChainPlan(request.network) { problem in
      problem.stages.count == 1 || fused[problem] != nil ? microseconds[problem] : nil
    }
    return fused.filter { chain.fused.contains($0.key) }
  }
}

extension NetworkPlan {
  /// The kernel of every problem that the plan has a step for.
  var choices: [Problem: KernelChoice] {
    Dictionary(steps.map { ($0.problem, $0.choice) }, uniquingKeysWith: { first, _ in first })
  }

  /// Equal for plans that run the same kernels in the same order.
  package var fingerprint: String {
    var fingerprint = Fingerprint()
    for step in steps { fingerprint.add("\(step.problem.key): \(step.choice.label)") }
    return fingerprint.text
  }
}
