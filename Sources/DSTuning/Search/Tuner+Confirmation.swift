import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime

/// How the whole network ran with the tuned kernels, against the default ones.
public struct Confirmation: Sendable {
  /// What is kept: the choices that won, possibly none.
  public let choices: [Problem: KernelChoice]
  public let defaultNanoseconds: MedianInterval
  public let keptNanoseconds: MedianInterval
  /// The default's time divided by that of what is kept.
  public let speedup: PairedRatio?
  /// Whether what was tuned won; if not, the defaults are kept.
  public let isGain: Bool
}

extension Tuner {
  private static let raceName = "whole network"

  /// Races the default network, the tuned one without fused blocks, and the tuned one with those that the
  /// chain plan likes; keeps the winner. What wins layer by layer only counts if it wins here.
  func confirm(_ results: [ProblemResult]) throws(RuntimeError) -> Confirmation? {
    let earlier = recorded.races[Self.raceName]
    let isFinished = earlier?.isFinished == true
    if (isStopping || request.isReplay) && !isFinished { return nil }
    let plans = try candidatePlans(results)
    var race = PairedRace(rules: networkRules)
    race.recorded = earlier?.rounds ?? []
    race.observe = { [journal] round in journal?.append(race: Self.raceName, round: round) }
    let labels = ["default", "tuned", "tuned and fused"]
    let costs = plans.indices.map { CandidateCost(threads: plans[$0].workers, name: labels[$0]) }
    let outcome: PairedRace.Outcome
    if isFinished {
      outcome = race.run(costs: costs, iterations: 1, shouldStop: { true }) { _, _ in }
    } else {
      let sessions = try sessions(for: plans)
      let image = SeededWeights(seed: request.seed).input(shape: request.network.input)
      outcome = image.withUnsafeBytes { bytes in
        func run(_ session: Session, _ count: Int) {
          guard let base = bytes.baseAddress else { return }
          for _ in 0..<count { _ = session.timedRun(base) }
        }
        for session in sessions { run(session, 3) }
        return race.run(
          costs: costs, iterations: networkIterations(results),
          shouldStop: { [self] in isStopping }
        ) { run(sessions[$0], $1) }
      }
      if outcome.ending != .interrupted { journal?.append(finished: Self.raceName) }
    }
    guard let first = outcome.decision.standings[0].nanoseconds,
      let kept = outcome.decision.standings[outcome.winner].nanoseconds
    else { return nil }
    return Confirmation(
      choices: plans[outcome.winner].choices, defaultNanoseconds: first, keptNanoseconds: kept,
      speedup: outcome.decision.standings[outcome.winner].speedup, isGain: outcome.winner != 0)
  }

  private func sessions(for plans: [NetworkPlan]) throws(RuntimeError) -> [Session] {
    let weights: NetworkWeights
    do {
      weights = try NetworkWeights(request.network, from: SeededWeights(seed: request.seed))
    } catch {
      preconditionFailure("seeded weights always exist: \(error)")
    }
    var sessions: [Session] = []
    for plan in plans {
      sessions.append(try PreparedNetwork(plan, weights: weights).makeSession(sharing: pool))
    }
    return sessions
  }

  private var networkRules: RaceRules {
    var rules = rules(seconds: min(remainingSeconds, 120))
    rules.maximumRounds = request.effort.networkRounds
    rules.equivalence = 1.002
    rules.grossRatio = .infinity
    return rules
  }

  /// Inferences in one block: about a millisecond's worth, one for large networks.
  private func networkIterations(_ results: [ProblemResult]) -> Int {
    let expected = results.filter { $0.space.problem.stages.count == 1 }
      .reduce(0) { $0 + $1.microseconds * Double($1.space.count) }
    return max(1, Int(4000 / max(expected, 1)))
  }

  /// Default, tuned without fusion, tuned with the fused blocks of the chain plan.
  private func candidatePlans(_ results: [ProblemResult]) throws(RuntimeError) -> [NetworkPlan] {
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
    let microseconds = Dictionary(
      uniqueKeysWithValues: results.map { ($0.space.problem, $0.microseconds) })
    let chain = ChainPlan(request.network, margin: 1) { problem in
      problem.stages.count == 1 || fused[problem] != nil ? microseconds[problem] : nil
    }
    let withFused = tuned.merging(fused.filter { chain.fused.contains($0.key) }) { own, _ in own }
    var plans: [NetworkPlan] = []
    for choices in [[:], tuned, withFused] {
      plans.append(
        try NetworkPlan(
          request.network, choices: choices, model: CostModel(machine: declared),
          instructionSet: request.instructionSet, workers: request.workers))
    }
    return plans
  }
}

extension NetworkPlan {
  /// The kernel of every problem that the plan has a step for.
  var choices: [Problem: KernelChoice] {
    Dictionary(steps.map { ($0.problem, $0.choice) }, uniquingKeysWith: { first, _ in first })
  }
}
