/// When a race ends, and what counts as a difference.
public struct RaceRules: Sendable, Equatable {
  /// That no claim of the whole race is wrong: all pairs of candidates, and all looks together. Who is
  /// the fastest comes from the same times, so a candidate may be compared with any other one. Not
  /// covered: who leaves by `grossRatio`.
  public var confidence = 0.95
  /// The ratio below which no difference is claimed; from an A/A run.
  public var noiseFloor = 1.0
  /// Candidates whose interval lies within this factor of the best are tied for good.
  public var equivalence = 1.01
  /// The first look comes no earlier; nor before an interval can have its confidence.
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

  /// How many valid rounds an interval in a race of so many candidates needs. A race with fewer claims nothing, and the
  /// first look comes no earlier.
  package func decidingRounds(candidates: Int) -> Int {
    MedianInterval.smallestCount(confidence: intervalConfidence(candidates: candidates))
  }

  /// After how many valid rounds the intervals are looked at. Every look is a chance to be wrong and
  /// widens all intervals, so there are few, ever farther apart, and none before it can decide anything.
  func looks(candidates: Int) -> [Int] {
    for first in min(minimumRounds, maximumRounds)...maximumRounds {
      let looks = looks(from: first)
      let confidence = intervalConfidence(candidates: candidates, looks: looks.count)
      if MedianInterval.smallestCount(confidence: confidence) <= first { return looks }
    }
    return [maximumRounds]
  }

  private func looks(from first: Int) -> [Int] {
    var looks: [Int] = []
    var rounds = first
    while rounds < maximumRounds {
      looks.append(rounds)
      rounds += max(1, rounds / 2)
    }
    return looks + [maximumRounds]
  }

  /// The confidence of a single interval in a race of so many candidates.
  package func intervalConfidence(candidates: Int) -> Double {
    intervalConfidence(candidates: candidates, looks: looks(candidates: candidates).count)
  }

  private func intervalConfidence(candidates: Int, looks: Int) -> Double {
    // One look more than planned: the time limit may end the race between two of them.
    PairedRatio.widened(
      confidence: confidence, comparisons: candidates * (candidates - 1) / 2 * (looks + 1))
  }
}
