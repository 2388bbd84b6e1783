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
package struct NetworkProfile {
  let network: Network
  /// The default, the default once more, every race's winner with nothing fused, then plans with fused blocks.
  let plans: [NetworkPlan]
  /// Nanoseconds of plan p's step s in round r: [p][r][s]; every plan took part in every round.
  let nanoseconds: [[[UInt64]]]

  private static let winners = 2

  /// Of each comparison with the default.
  private static let confidence = 0.99

  /// What a gain inside the network has to be, so that it counts.
  package enum Caution: CaseIterable, Sendable {
    /// Large: such gains are the same ones in every run.
    case largeGains
    /// Beyond chance, however small. Many small ones may add up, but which of them are found differs from run to run, and
    /// some are none; only the whole network can tell.
    case allGains
  }

  /// The part of the network's time that a problem's kernel must save, or the default is kept, and a fused block
  /// for each of its `steps`. Smaller gains would be other ones in every run: at 0.25 % six
  /// runs for MobileNet v2 made six different choices.
  private static let largeGain = 0.004

  /// What is surely so much faster, as a part of the default's time, need save only a quarter of `largeGain`. Of the entries of five runs
  /// for MobileNet v1, 86 % were those of the first with 0.97 and 93 with 0.95, both before anything was asked to be saved.
  private static let sureRatio = 0.95

  /// 1 for two layers, 3 for three: a block of three must save more than two of two do, which cover the same layers or nearly so.
  /// With the same for both, runs for Xception took now the one, now the other.
  private static func steps(_ layers: Int) -> Double { Double(layers * (layers - 1) / 2) }

  package init(network: Network, plans: [NetworkPlan], nanoseconds: [[[UInt64]]]) {
    self.network = network
    self.plans = plans
    self.nanoseconds = nanoseconds
  }

  /// - Returns: Which winners and blocks are faster than the default's layers, beyond chance and, where only large
  ///   gains count, beyond what memory addresses do.
  package func choice(_ caution: Caution) -> InNetworkChoice {
    let isCautious = caution == .largeGains
    let noiseFloor = isCautious ? noiseFloor : 1
    let smallestGain =
      isCautious ? Self.largeGain * defaultTime(Set(network.layers.indices)) : 0
    var tuned: Set<String> = []
    var cost: [Problem: Double] = [:]
    for (problem, layers) in layers(of: plans[Self.winners]) {
      let standard = defaultTime(layers)
      var time = standard
      if let ratio = speedup(of: Self.winners, layers) {
        let slowest = ratio.high * noiseFloor
        let leastGain = slowest < Self.sureRatio ? smallestGain / 4 : smallestGain
        if slowest < 1, standard * (1 - ratio.ratio) > leastGain {
          tuned.insert(problem.key)
          time *= ratio.ratio
        }
      }
      cost[problem] = time / Double(occurrences(problem, in: plans[Self.winners]))
    }
    for plan in plans.indices.dropFirst(Self.winners + 1) {
      for (problem, layers) in layers(of: plans[plan]) where problem.stages.count > 1 {
        guard let ratio = speedup(of: plan, layers) else { continue }
        // Against the default's layers like the winners. What is not sure to be faster counts as slower.
        let factor = !isCautious && ratio.high < 1 ? ratio.ratio : ratio.high * noiseFloor
        let block =
          (defaultTime(layers) * factor + smallestGain * Self.steps(problem.stages.count))
          / Double(occurrences(problem, in: plans[plan]))
        cost[problem] = min(block, cost[problem] ?? .infinity)
      }
    }
    let chain = ChainPlan(network) { cost[$0] }
    return InNetworkChoice(fused: Set(chain.fused.map(\.key)), tuned: tuned)
  }

  /// How far a problem of the default typically is from itself in the second copy: the median over the problems.
  package var noiseFloor: Double {
    let ratios = layers(of: plans[0]).values.map { layers in
      let ratio =
        SortedSample(
          nanoseconds[0].indices.map { time(1, $0, layers) / max(1, time(0, $0, layers)) })?.median
        ?? 1
      return max(ratio, 1 / ratio)
    }
    return SortedSample(ratios)?.median ?? 1
  }

  /// Nanoseconds of plan `plan` in round `round`, all steps that begin at one of `layers` together.
  private func time(_ plan: Int, _ round: Int, _ layers: Set<Int>) -> Double {
    zip(plans[plan].steps, nanoseconds[plan][round]).reduce(0) { sum, step in
      layers.contains(step.0.layers.lowerBound) ? sum + Double(step.1) : sum
    }
  }

  /// The mean of both copies: half of what their places in memory do.
  private func defaultTime(_ round: Int, _ layers: Set<Int>) -> Double {
    (time(0, round, layers) + time(1, round, layers)) / 2
  }

  private func defaultTime(_ layers: Set<Int>) -> Double {
    SortedSample(nanoseconds[0].indices.map { defaultTime($0, layers) })?.median ?? 0
  }

  /// A plan's time divided by the default's, for those layers; `nil` where the rounds are too few.
  private func speedup(of plan: Int, _ layers: Set<Int>) -> PairedRatio? {
    let rounds = nanoseconds[plan].indices
    let ratio = PairedRatio(
      rounds.map { time(plan, $0, layers) }, over: rounds.map { defaultTime($0, layers) },
      confidence: Self.confidence)
    return ratio.flatMap { $0.isSufficient ? $0 : nil }
  }

  /// The layers of each problem's occurrences: of all steps of a plan with that problem.
  private func layers(of plan: NetworkPlan) -> [Problem: Set<Int>] {
    plan.steps.reduce(into: [:]) { $0[$1.problem, default: []].formUnion($1.layers) }
  }

  private func occurrences(_ problem: Problem, in plan: NetworkPlan) -> Int {
    plan.steps.count { $0.problem == problem }
  }
}

extension NetworkProfile {
  /// - Parameters:
  ///   - sessions: one for each plan.
  ///   - seconds: about how long to measure; at least `fewestRounds` rounds are run unless stopped.
  /// - Returns: `nil` if there was no time for the fewest rounds.
  init?(
    _ network: Network, plans: [NetworkPlan], sessions: [Session], image: [Float], seed: UInt64,
    seconds: Double, shouldStop: () -> Bool
  ) {
    var rounds = [[[UInt64]]](repeating: [], count: plans.count)
    // Who follows whom changes from round to round. An inference before the timed one leaves the caches as an
    // application's last one does. Straight after another plan's, whose weights and feature maps lie elsewhere,
    // MobileNet v2's beginning took 295 µs and not 215, and fusing it gained 25 % and not 5 to 10.
    var generator = SeededGenerator(seed: seed)
    var limit = TimeLimit(nanoseconds: seconds * 1e9, of: cs_monotonic_ns)
    image.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      var round = 0
      while round < Self.mostRounds, !limit.isOver() || round < Self.fewestRounds {
        for plan in sessions.indices.shuffled(using: &generator) where !shouldStop() {
          _ = sessions[plan].timedRun(base)
          rounds[plan].append(sessions[plan].profiledRun(base).steps)
        }
        if shouldStop() { break }
        round += 1
      }
      // Of a round that was ended only some plans have times.
      for plan in rounds.indices { rounds[plan].removeSubrange(round...) }
    }
    guard rounds.allSatisfy({ $0.count >= Self.fewestRounds }) else { return nil }
    self.init(network: network, plans: plans, nanoseconds: rounds)
  }

  /// As many as an interval of this confidence needs to leave the two extremes out, 12: with 9 it was the whole range, which one disturbed
  /// round of a large network widened.
  static var fewestRounds: Int { MedianInterval.smallestCount(confidence: confidence) + 4 }
  private static let mostRounds = 400
}
