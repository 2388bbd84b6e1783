import DSMeasurement

/// How many candidates of a problem race: as many as can be told apart in the time there is. Few that are
/// decided are worth more than many that are not, and the model put the promising ones in front.
package struct RaceField {
  /// How many of the first ones race; at least two where there are two.
  package let candidates: Int
  /// What their race may take. More than was allowed where even two take longer.
  package let seconds: Double

  /// - Parameters:
  ///   - blockSeconds: of one block of each candidate, in the order in which they are wanted.
  ///   - seconds: for all of the race.
  package init(blockSeconds: [Double], rules: RaceRules, seconds: Double) {
    precondition(!blockSeconds.isEmpty, "a race of nobody")
    /// Until the first look that can decide; who is grossly slower leaves before.
    func expected(_ count: Int) -> Double {
      let field = blockSeconds.prefix(count)
      let limit = rules.grossRatio * (field.min() ?? 0)
      let rounds = rules.decidingRounds(candidates: count)
      return field.enumerated().reduce(0) { sum, block in
        let isGross = block.offset > 0 && block.element > limit
        return sum + block.element * Double(isGross ? rules.grossRounds : rounds)
      }
    }
    let fewest = min(2, blockSeconds.count)
    candidates =
      (fewest...blockSeconds.count).last { Self.reserve * expected($0) <= seconds } ?? fewest
    self.seconds = max(seconds, Self.reserve * expected(candidates))
  }

  /// Blocks take longer now and then, and some rounds are dropped.
  private static let reserve = 1.25
}
