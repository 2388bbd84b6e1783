/// When a race ends, and what counts as a difference.
public struct RaceRules: Sendable, Equatable {
  /// That no claim of the whole race is wrong: all comparisons and all looks together.
  public var confidence = 0.95
  /// The ratio below which no difference is claimed; from an A/A run.
  public var noiseFloor = 1.0
  /// Candidates whose interval lies within this factor of the best are tied for good.
  public var equivalence = 1.01
  public var minimumRounds = 8
  public var maximumRounds = 64
  /// No round begins after this time.
  public var maximumNanoseconds: UInt64?
  /// A candidate slower than the best by this factor in each of the first rounds is dropped at once.
  public var grossRatio = 2.0
  public var grossRounds = 3
  /// A round in which the clock rate changed by more does not count.
  public var maximumClockChange = 0.02
  public var seed: UInt64 = 1

  public init() {}

  /// After how many valid rounds the intervals are looked at. Every look is a chance to be wrong and
  /// widens all intervals, so there are few, ever farther apart.
  var looks: [Int] {
    var looks: [Int] = []
    var rounds = minimumRounds
    while rounds < maximumRounds {
      looks.append(rounds)
      rounds += max(1, rounds / 2)
    }
    return looks + [maximumRounds]
  }

  /// The confidence of a single interval in a race of so many candidates.
  func intervalConfidence(candidates: Int) -> Double {
    // One look more than planned: the time limit may end the race between two of them.
    PairedRatio.widened(
      confidence: confidence, comparisons: (candidates - 1) * (looks.count + 1))
  }
}
