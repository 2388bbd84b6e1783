/// What the times of a race say. A pure function of times, costs and rules, so recorded races can be
/// decided again.
public struct RaceDecision: Sendable, Equatable {
  public enum State: Sendable, Equatable {
    /// The one to use.
    case winner
    /// Not to be told from the fastest, or from the winner.
    case tied
    /// Slower than the fastest by more than the noise floor.
    case slower
    /// Slower, and dropped after so many valid rounds.
    case eliminated(round: Int)
  }

  public struct Standing: Sendable, Equatable {
    public var state: State
    /// Median nanoseconds of a run with a 95 % interval; `nil` where the candidate never ran.
    public var nanoseconds: MedianInterval?
    /// The reference's time divided by this candidate's; greater than 1 is faster. Its interval holds
    /// for the whole race.
    public var speedup: PairedRatio?
  }

  /// One for each candidate.
  public let standings: [Standing]
  public let winner: Int
  /// The others that cannot be told from the fastest, or from the winner, cheapest first.
  public let ties: [Int]
  /// The candidate with the smallest median.
  public let fastest: Int

  /// - Parameter eliminated: The valid round in which a candidate was dropped, or `nil`.
  public init(
    times: RaceTimes, costs: [CandidateCost], eliminated: [Int?], rules: RaceRules
  ) {
    precondition(
      !costs.isEmpty && costs.count == times.candidates && eliminated.count == costs.count,
      "\(costs.count) costs and \(eliminated.count) eliminations for \(times.candidates) candidates"
    )
    let confidence = rules.intervalConfidence(candidates: costs.count)
    let speedups = costs.indices.map { times.ratio(of: 0, over: $0, confidence: confidence) }
    let survivors = costs.indices.filter { eliminated[$0] == nil }
    let fastest = Self.fastest(of: survivors, speedups: speedups)

    let tied = survivors.filter { candidate in
      let distance = times.ratio(of: candidate, over: fastest, confidence: confidence)
      return candidate == fastest || distance?.isAbove(rules.noiseFloor) != true
    }
    // Whoever is to replace the reference must have beaten it beyond the noise floor, or be as fast as the one
    // that did: of two copies the cheaper, or first, wins, however the reference's times scatter against each.
    // As that claims no gain, it need not hold for all pairs together. Of two whom neither the model nor the race can
    // tell apart the first wins too where few rounds leave the band open: the other one's gain is its gain.
    let band = max(rules.equivalence, rules.noiseFloor)
    let eligible =
      tied.contains(0)
      ? [0]
      : tied.filter { candidate in
        candidate == fastest || costs[candidate].isTwin(of: costs[fastest])
          || speedups[candidate]?.isAbove(rules.noiseFloor) == true
          || times.ratio(of: candidate, over: fastest, confidence: rules.confidence)?
            .isWithin(band) == true
      }
    let chosen = eligible.min { costs[$0] < costs[$1] } ?? 0
    // Who left as slower than a candidate that looked fastest then need not be slower than the one that is chosen.
    func isTold(_ candidate: Int, from other: Int) -> Bool {
      guard eliminated[candidate] != nil else { return !tied.contains(candidate) }
      let distance = times.ratio(of: candidate, over: other, confidence: confidence)
      return distance.map { !$0.isSufficient || $0.isAbove(rules.noiseFloor) } ?? true
    }
    // The first wins even if it left, or was not sure to be as fast as the fastest: one of 2800 races between copies was won
    // by the second, as the first was gone. Slower than the reference it must not have been.
    let twins = costs.indices.filter {
      chosen != 0 && costs[$0].isTwin(of: costs[chosen]) && !isTold($0, from: chosen)
        && (speedups[$0]?.ratio ?? 0) > 1
    }
    let winner = (twins + [chosen]).min { costs[$0] < costs[$1] } ?? chosen
    let ties = costs.indices.filter { $0 != winner && !isTold($0, from: winner) }

    self.fastest = fastest
    self.winner = winner
    self.ties = ties.sorted { costs[$0] < costs[$1] }
    standings = costs.indices.map { candidate in
      let loser: State = eliminated[candidate].map { .eliminated(round: $0) } ?? .slower
      return Standing(
        state: candidate == winner ? .winner : ties.contains(candidate) ? .tied : loser,
        nanoseconds: SortedSample(times.times(of: candidate)).map { MedianInterval($0) },
        speedup: speedups[candidate])
    }
  }

  /// The greatest median speed-up; of equals the first, so that the reference keeps its place.
  static func fastest(of candidates: [Int], speedups: [PairedRatio?]) -> Int {
    candidates.reduce(0) { best, candidate in
      (speedups[candidate]?.ratio ?? 0) > (speedups[best]?.ratio ?? 0) ? candidate : best
    }
  }
}
