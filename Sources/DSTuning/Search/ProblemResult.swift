import DSCore
import DSKernels
import DSMeasurement
import DSSchedule

/// What tuning found out about one problem.
public struct ProblemResult: Sendable {
  public let space: SearchSpace
  public let winner: Candidate
  public let state: ScheduleEntry.State
  /// Of the winner; `nil` if nothing was timed.
  public let nanoseconds: MedianInterval?
  /// Of the reference; `nil` if it was not timed.
  public let referenceNanoseconds: MedianInterval?
  /// The reference's time divided by the winner's.
  public let speedup: PairedRatio?
  /// Candidates that measuring cannot tell from the winner.
  public let ties: [Candidate]
  /// How many candidates raced.
  public let racedCount: Int
  /// The fastest of all that raced, by its median speed-up over the reference; `nil` where the rounds are too few, or the
  /// reference was not among them.
  public let best: (candidate: Candidate, speedup: PairedRatio)?
  /// Candidates that computed something wrong, and were not timed.
  public let invalid: [Candidate]
  /// Pruned candidates that were timed as an audit.
  public let auditedCount: Int
  /// How much faster than the best of the others an audited candidate was, if one won beyond the noise.
  public let auditRegret: Double?
  public let doubts: [MeasurementDoubt]

  /// A result without measurement: the model's pick.
  init(predicted space: SearchSpace, best: Candidate) {
    self.space = space
    winner = best
    state = .predicted
    nanoseconds = nil
    referenceNanoseconds = nil
    speedup = nil
    ties = []
    racedCount = 0
    self.best = nil
    invalid = []
    auditedCount = 0
    auditRegret = nil
    doubts = []
  }

  /// - Parameter isComplete: whether the race came to its end, be it that of its time.
  init(
    _ space: SearchSpace, raced: [Candidate], invalid: [Candidate], outcome: PairedRace.Outcome,
    rules: RaceRules, isComplete: Bool
  ) {
    self.space = space
    let standings = outcome.decision.standings
    winner = raced[outcome.winner]
    // Too few rounds decide nothing: that the default is still there is then no finding.
    let isUndecided = outcome.ending != .decided && outcome.isTooShort
    state = isComplete && !isUndecided ? .measured : .partial
    nanoseconds = standings[outcome.winner].nanoseconds
    referenceNanoseconds =
      raced[0].label == space.reference.label ? standings[0].nanoseconds : nil
    speedup = standings[outcome.winner].speedup
    ties = outcome.ties.map { raced[$0] }
    racedCount = raced.count
    // Who left after a few rounds has an interval that claims nothing, and was far behind.
    let contenders = raced.indices.compactMap { index in
      standings[index].speedup.flatMap {
        $0.isSufficient ? (candidate: raced[index], speedup: $0) : nil
      }
    }
    best =
      raced[0].label == space.reference.label
      ? contenders.reduce(nil) { best, other in
        (best?.speedup.ratio ?? 0) < other.speedup.ratio ? other : best
      } : nil
    self.invalid = invalid
    doubts = outcome.doubts
    let audited = Set(space.candidates.suffix(space.auditedCount).map(\.label))
    auditedCount = raced.count { audited.contains($0.label) }
    auditRegret = Self.auditRegret(audited, raced: raced, outcome: outcome, rules: rules)
  }

  /// From times of the same rounds, as every other claim; `nil` unless it lies beyond the noise floor.
  private static func auditRegret(
    _ audited: Set<String>, raced: [Candidate], outcome: PairedRace.Outcome, rules: RaceRules
  ) -> Double? {
    guard audited.contains(raced[outcome.winner].label) else { return nil }
    let confidence = rules.intervalConfidence(candidates: raced.count)
    let others = raced.indices.filter { !audited.contains(raced[$0].label) }
    let distances = others.compactMap {
      outcome.times.ratio(of: $0, over: outcome.winner, confidence: confidence)
    }
    guard let nearest = distances.min(by: { $0.ratio < $1.ratio }),
      nearest.isAbove(rules.noiseFloor)
    else { return nil }
    return nearest.ratio - 1
  }

  public var microseconds: Double {
    nanoseconds.map { $0.median / 1000 } ?? winner.predictedMicroseconds
  }
}
