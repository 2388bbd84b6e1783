import DSCore
import DSMeasurement
import DSRuntime
import DSSchedule

/// How the whole network ran with the tuned kernels, against the default ones.
public struct Confirmation: Sendable {
  /// The plan that was tried: the one that won, or else the fastest of those that did not.
  public struct Attempt: Sendable {
    public let choices: [Problem: KernelChoice]
    public let nanoseconds: MedianInterval
    /// The default's time divided by the plan's.
    public let speedup: PairedRatio
    /// In how many of the rounds the plan was faster than the default.
    public let fasterRounds: Int
  }

  public let defaultNanoseconds: MedianInterval
  /// `nil` where nothing but the default was proposed.
  public let attempt: Attempt?
  public let outcome: TuningOutcome
  /// How many rounds a decision needs.
  public let neededRounds: Int
  /// The ratio that a gain had to be shown to be above.
  public let smallestClaim: Double

  /// Whether what was tuned won; if not, the defaults are kept, unless the user accepts the attempt.
  public var isGain: Bool { outcome == .kept }

  /// The attempt, if it is what is kept.
  public var kept: Attempt? { outcome == .kept || outcome == .accepted ? attempt : nil }

  /// The choices that are kept, possibly none.
  public var choices: [Problem: KernelChoice] { kept?.choices ?? [:] }
}

extension Confirmation {
  /// - Parameters:
  ///   - plans: the choices of each entrant of the race, the default first.
  ///   - rules: of the race.
  ///   - shortfall: what a gain is that was shown, but is too small for the rules.
  ///   - isAccepting: whether the attempt is kept even so.
  /// - Returns: `nil` if there were too few rounds for any interval.
  init?(
    _ outcome: PairedRace.Outcome, plans: [[Problem: KernelChoice]], rules: RaceRules,
    shortfall: TuningOutcome, isAccepting: Bool
  ) {
    let rounds = outcome.times.rounds
    let standings = outcome.decision.standings
    guard rounds >= rules.decidingRounds(candidates: plans.count),
      let defaultNanoseconds = standings[0].nanoseconds
    else { return nil }
    self.defaultNanoseconds = defaultNanoseconds
    neededRounds = rules.minimumRounds
    smallestClaim = rules.noiseFloor
    let attempts = plans.indices.dropFirst().compactMap { plan -> (index: Int, attempt: Attempt)? in
      guard let nanoseconds = standings[plan].nanoseconds, let speedup = standings[plan].speedup
      else { return nil }
      let faster = zip(outcome.times.rows[0], outcome.times.rows[plan]).count { first, own in
        if let first, let own { own < first } else { false }
      }
      return (
        plan,
        Attempt(
          choices: plans[plan], nanoseconds: nanoseconds, speedup: speedup, fasterRounds: faster)
      )
    }
    let winner = attempts.first { $0.index == outcome.winner }
    attempt =
      (winner ?? attempts.max { $0.attempt.speedup.ratio < $1.attempt.speedup.ratio })?
      .attempt
    guard let speedup = attempt?.speedup else {
      self.outcome = .nothingBetter
      return
    }
    // A race that was stopped may have an interval, and be of one moment of the machine all the same.
    let isDecided = rounds >= rules.minimumRounds
    let verdict: TuningOutcome =
      !isDecided
      ? .tooFewRounds
      : winner != nil
        ? .kept : speedup.high < 1 ? .slower : speedup.isAbove(1) ? shortfall : .notShown
    self.outcome = isAccepting && verdict != .kept ? .accepted : verdict
  }
}
