import DSMeasurement

/// How hard to look: each level times more of the candidates than the one before.
public enum Effort: String, Sendable, CaseIterable {
  /// The cost model alone; nothing is timed.
  case estimate
  /// The most promising candidates of every problem.
  case measure
  /// Many more, with more rounds each.
  case patient
  /// Every candidate: the yardstick of the others.
  case exhaustive

  /// The most candidates of one problem that are timed because the model likes them.
  var candidateLimit: Int {
    switch self {
    case .estimate: 0
    case .measure: 10
    case .patient: 40
    case .exhaustive: .max
    }
  }

  /// Candidates predicted slower than the best by more than this are left out.
  var predictionCutoff: Double {
    switch self {
    case .estimate: 1
    case .measure: 1.5
    case .patient: 3
    case .exhaustive: .infinity
    }
  }

  /// Pruned candidates that are timed all the same, to find out what pruning costs.
  var auditCount: Int { self == .measure ? 1 : self == .patient ? 3 : 0 }

  /// Rounds of a problem's race.
  package func maximumRounds(isMajor: Bool) -> Int {
    (self == .measure ? 24 : 48) * (isMajor ? Self.majorFactor : 1)
  }

  /// The longest race for one problem.
  package func raceSeconds(isMajor: Bool) -> Double {
    (self == .measure ? 0.6 : self == .patient ? 4 : 60) * Double(isMajor ? Self.majorFactor : 1)
  }

  /// The part of the network's predicted time from which on a problem is major.
  static let majorShare = 0.15

  /// How many times as many rounds and seconds a major problem gets. With 24 rounds and sixteen candidates the interval of a ratio is
  /// nearly all of its rounds: 3 to 7 % on 17 of Xception's layers (Zen 5, two threads) were not shown in two of two runs.
  private static let majorFactor = 3

  /// What the default, or the plan with the large gains, must be beaten by in the whole network.
  ///
  /// A gain of about this size is found in some runs and not in others. At 1 %, one of ten quick runs for MobileNet v2 (Zen 5, one
  /// thread) found ten kernels that make it 1 % faster together, and nine did not; at 0.5 % ten runs for Xception
  /// made five schedules. Who wants the last percent takes more time for it.
  var smallestNetworkClaim: Double { self == .measure ? 1.02 : 1.01 }

  /// Where the cores came closer to each other or moved apart while their threads were tuned, or lie farther apart than the
  /// topology says, a gain of the whole network must be this large: the schedule is used where they lie otherwise, too.
  /// Four of ten quick runs for MobileNet v2 (Zen 5, two threads) beat the default by 5.9 to 7.5 % while the cores lay apart, by
  /// other blocks each, and by nothing (0.998) when they were back; one of ten on Zen 4 by 2.8 %. At 4 % those four claimed it.
  static let claimWhereCoresMove = 1.10

  /// The noise floor of the whole network's race.
  ///
  /// - Parameters:
  ///   - copies: of two sessions of the default.
  ///   - coreDoubts: what barriers before the race say of where the cores lie.
  package static func networkFloor(copies: Double, coreDoubts: [MeasurementDoubt]) -> Double {
    coreDoubts.isEmpty ? copies : max(copies, claimWhereCoresMove)
  }

  /// Rounds of whole-network runs at the end, two entrants with two inferences each: more of a small network, which
  /// costs little and differs by little.
  func networkRounds(inferenceSeconds: Double) -> Int {
    let (fewest, seconds) = self == .measure ? (20, 5.0) : (40, 15.0)
    guard inferenceSeconds > 0 else { return fewest }
    return min(max(fewest, Int(seconds / 4 / max(inferenceSeconds, 0.002))), 400)
  }

  /// Pairs of the default network with itself before those rounds.
  ///
  /// The fewest have an interval that leaves the two extremes out: one hiccup must not become the floor.
  func networkPairs(inferenceSeconds: Double) -> Int {
    let seconds = self == .measure ? 2.5 : 7.5
    return min(max(Self.fewestPairs, Int(seconds / 4 / max(inferenceSeconds, 0.002))), 250)
  }

  static let fewestPairs = 9
}
