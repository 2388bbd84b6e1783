import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime

/// What the steps of several plans of one network take inside it, measured in turns.
///
/// A problem alone finds its feature maps where its last run left them; inside the network a large map has gone
/// to the next cache, or to memory, before it is read. That decides whether a fused block is worth it, so
/// blocks are compared where they stand.
struct NetworkProfile {
  let network: Network
  /// The first plan is the default; the second has every race's winner and nothing fused.
  let plans: [NetworkPlan]
  /// Nanoseconds of plan p's step s in round r: [p][r][s].
  let nanoseconds: [[[UInt64]]]

  /// - Parameters:
  ///   - sessions: one for each plan.
  ///   - seconds: about how long to measure; at least `fewestRounds` rounds are run unless stopped.
  /// - Returns: `nil` if there was no time for the fewest rounds.
  init?(
    _ network: Network, plans: [NetworkPlan], sessions: [Session], image: [Float], seconds: Double,
    shouldStop: () -> Bool
  ) {
    self.network = network
    self.plans = plans
    var rounds = [[[UInt64]]](repeating: [], count: plans.count)
    let start = cs_monotonic_ns()
    image.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      for session in sessions { _ = session.timedRun(base) }
      var round = 0
      while !shouldStop(), round < Self.mostRounds,
        round < Self.fewestRounds || Double(cs_monotonic_ns() - start) < seconds * 1e9
      {
        for turn in sessions.indices {
          let plan = (turn + round) % sessions.count
          rounds[plan].append(sessions[plan].profiledRun(base).steps)
        }
        round += 1
      }
    }
    guard rounds.allSatisfy({ $0.count >= Self.fewestRounds }) else { return nil }
    nanoseconds = rounds
  }

  private static let fewestRounds = 7
  private static let mostRounds = 60

  /// Nanoseconds of plan `plan` in round `round`, all steps that begin at one of `layers` together.
  private func time(_ plan: Int, _ round: Int, _ layers: Set<Int>) -> Double {
    zip(plans[plan].steps, nanoseconds[plan][round]).reduce(0) { sum, step in
      layers.contains(step.0.layers.lowerBound) ? sum + Double(step.1) : sum
    }
  }

  /// The median over the rounds of plan a's time divided by plan b's, for those layers.
  private func ratio(_ a: Int, over b: Int, _ layers: Set<Int>) -> Double {
    let rounds = min(nanoseconds[a].count, nanoseconds[b].count)
    let ratios = (0..<rounds).map { time(a, $0, layers) / max(1, time(b, $0, layers)) }
    return SortedSample(ratios)?.median ?? 1
  }

  private func medianTime(_ plan: Int, _ layers: Set<Int>) -> Double {
    SortedSample(nanoseconds[plan].indices.map { time(plan, $0, layers) })?.median ?? 0
  }

  /// The layers of each problem's occurrences: of all steps of a plan with that problem.
  private func layers(of plan: NetworkPlan) -> [Problem: Set<Int>] {
    plan.steps.reduce(into: [:]) { $0[$1.problem, default: []].formUnion($1.layers) }
  }

  /// - Parameter noiseFloor: what a single layer's winner must beat the default by.
  func choice(noiseFloor: Double) -> InNetworkChoice {
    var tuned: Set<String> = []
    var cost: [Problem: Double] = [:]
    for (problem, layers) in layers(of: plans[1]) {
      let ratio = ratio(1, over: 0, layers)
      let isFaster = ratio * noiseFloor < 1
      if isFaster { tuned.insert(problem.key) }
      cost[problem] =
        medianTime(0, layers) * (isFaster ? ratio : 1) / Double(occurrences(problem, in: plans[1]))
    }
    for plan in plans.indices.dropFirst(2) {
      for (problem, layers) in layers(of: plans[plan]) where problem.stages.count > 1 {
        // Against the default's layers like the winners: their times differ from those of plan 1.
        let block =
          medianTime(0, layers) * ratio(plan, over: 0, layers)
          / Double(occurrences(problem, in: plans[plan]))
        cost[problem] = min(block, cost[problem] ?? .infinity)
      }
    }
    let chain = ChainPlan(network, margin: noiseFloor) { cost[$0] }
    return InNetworkChoice(fused: Set(chain.fused.map(\.key)), tuned: tuned)
  }

  private func occurrences(_ problem: Problem, in plan: NetworkPlan) -> Int {
    plan.steps.count { $0.problem == problem }
  }
}
