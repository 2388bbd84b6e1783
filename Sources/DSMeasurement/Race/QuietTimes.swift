/// The times of a race as far as nothing else on the machine had a hand in them: without the blocks that other
/// programs interrupted, and without the passes that were slow as a whole.
///
/// What is left out is chosen by what happened to a block and by how slow it was against others of the same candidate, and
/// of two candidates by both together: never by which of the two it favours.
package struct QuietTimes {
  /// A block is an outlier beyond this factor only, however steady the others are.
  static let outlierFactor = 1.5
  /// A pass is quiet whose times are no longer than the quieter ones' by this factor. What slows it by less is a phase of the machine,
  /// which another run may meet, too.
  static let slowPassFactor = 1.2
  /// The same for ratios, in which phases cancel: what does not slow both alike is then what is left.
  static let slowPassFactorOfRatios = 1.05
  /// A pass with fewer rounds has a median that is as good as chance.
  static let fewestRounds = 3

  /// Without the disturbed blocks.
  package let times: RaceTimes
  /// The rounds of each pass.
  package let passes: [Range<Int>]
  /// Blocks of each candidate that were disturbed.
  package let disturbedBlocks: [Int]

  /// - Parameters:
  ///   - interruptions: of each candidate's blocks, round by round: context switches and moves to another CPU; `nil` where a
  ///     candidate did not take part, or nobody counted.
  ///   - passes: the rounds of each.
  package init(_ all: RaceTimes, interruptions: [[Int?]], passes: [Range<Int>]) {
    precondition(
      interruptions.count == all.candidates, "\(interruptions.count) rows of \(all.candidates)")
    var times = all
    for candidate in all.rows.indices {
      Self.leaveOutInterrupted(candidate, interruptions[candidate], passes, &times)
      Self.leaveOutOutliers(candidate, &times)
    }
    self.times = times
    self.passes = passes
    disturbedBlocks = all.rows.indices.map {
      all.times(of: $0).count - times.times(of: $0).count
    }
  }

  // MARK: - Blocks

  /// Leaves out the blocks that were interrupted more often than the quietest quarter, or half, so far as there are then blocks
  /// in as many passes as an interval needs. Long blocks are interrupted every time; then all count.
  private static func leaveOutInterrupted(
    _ candidate: Int, _ interruptions: [Int?], _ passes: [Range<Int>], _ times: inout RaceTimes
  ) {
    let row = times.rows[candidate]
    let counts = row.indices.compactMap {
      row[$0] == nil ? nil : interruptions[$0].map(Double.init)
    }
    guard let sorted = SortedSample(counts), sorted.maximum > sorted.minimum else { return }
    let needed = MedianInterval.smallestCount(confidence: 0.95)
    for share in [0.25, 0.5] {
      let most = sorted.quantile(share).rounded(.down)
      let quiet = row.indices.filter { row[$0] != nil && Double(interruptions[$0] ?? 0) <= most }
      let isSpread = passes.count { pass in quiet.contains { pass.contains($0) } } >= needed
      guard isSpread else { continue }
      for round in row.indices where Double(interruptions[round] ?? 0) > most {
        times.leaveOut(candidate, round: round)
      }
      return
    }
  }

  private static func leaveOutOutliers(_ candidate: Int, _ times: inout RaceTimes) {
    let row = times.rows[candidate]
    let rounds = row.indices.filter { row[$0] != nil }
    let values = rounds.compactMap { row[$0] }
    guard let median = SortedSample(values)?.median else { return }
    let scores = ModifiedZScores(values).scores
    for (index, round) in rounds.enumerated()
    where scores[index] > ModifiedZScores.timingThreshold
      && values[index] > outlierFactor * median
    { times.leaveOut(candidate, round: round) }
  }

  // MARK: - Passes

  /// The passes in which these candidates together were not slower than in their quieter ones; at least as many, if there
  /// are, as an interval of this confidence needs.
  func quietPasses(
    of candidates: [Int], within factor: Double, confidence: Double = 0.95
  ) -> [Range<Int>] {
    let samples = candidates.map { times.times(of: $0, passes: passes) }
    let most = samples.joined().map(\.count).max() ?? 0
    let fewest = min(Self.fewestRounds, most)
    let medians = samples.map { $0.map { SortedSample($0)?.median } }
    let usual = medians.map { SortedSample($0.compactMap { $0 })?.quantile(0.25) ?? 1 }
    var limit = 1.0
    for _ in candidates { limit *= factor }
    // Of passes in which all of them ran.
    let ranked: [Rank] = passes.indices.compactMap { pass in
      let own = medians.indices.compactMap { index in medians[index][pass].map { $0 / usual[index] }
      }
      guard own.count == candidates.count else { return nil }
      let isThin = samples.contains { $0[pass].count < fewest }
      return Rank(pass: pass, isThin: isThin, slowness: own.reduce(1, *))
    }.sorted { $0.order < $1.order }
    let quiet = max(
      ranked.count { !$0.isThin && $0.slowness <= limit },
      MedianInterval.smallestCount(confidence: confidence))
    return ranked.prefix(quiet).map(\.pass).sorted().map { passes[$0] }
  }

  /// How fit a pass is to go by.
  private struct Rank {
    let pass: Int
    /// Whether it has too few rounds for a median.
    let isThin: Bool
    let slowness: Double

    /// The fittest first.
    var order: (Int, Double, Int) { (isThin ? 1 : 0, slowness, pass) }
  }

  /// Nanoseconds a run of each pass; nothing of passes that were slow.
  package func nanoseconds(of candidate: Int) -> [[Double]] {
    let quiet = Set(quietPasses(of: [candidate], within: Self.slowPassFactor))
    return passes.map { quiet.contains($0) ? times.times(of: candidate, passes: [$0])[0] : [] }
  }

  /// The ratio of two candidates' times, with the interval in which another run's is expected.
  package func runToRunRatio(of candidate: Int, over other: Int) -> PairedRatio? {
    times.runToRunRatio(
      of: candidate, over: other,
      passes: quietPasses(of: [candidate, other], within: Self.slowPassFactorOfRatios))
  }

  /// The ratio of two candidates' times, with the sign test's interval of the passes' medians.
  package func ratio(of candidate: Int, over other: Int, confidence: Double) -> PairedRatio? {
    times.ratio(
      of: candidate, over: other, confidence: confidence,
      passes: quietPasses(
        of: [candidate, other], within: Self.slowPassFactorOfRatios, confidence: confidence))
  }

  /// The candidate with the least median, or one that is surely faster than it in pairs; `nil` where none of these ran.
  package func fastest(of candidates: Range<Int>) -> Int? {
    let medians = candidates.compactMap { candidate in
      SortedSample(nanoseconds(of: candidate).joined()).map { (candidate, $0.median) }
    }
    guard let least = medians.min(by: { $0.1 < $1.1 })?.0 else { return nil }
    return medians.map(\.0).reduce(least) { best, candidate in
      let ratio = candidate == best ? nil : runToRunRatio(of: best, over: candidate)
      return ratio.map { $0.isSufficient && $0.low > 1 } == true ? candidate : best
    }
  }
}

extension QuietTimes {
  /// Whether more time may decide what these times leave open: too few passes for any interval, a time or a ratio with the
  /// fastest that is known no better than to a factor of two, or one that says neither which is faster nor that they are about
  /// as fast.
  package func isUndecided(among candidates: Range<Int>, noiseFloor: Double) -> Bool {
    guard let fastest = fastest(of: candidates) else { return false }
    let needed = MedianInterval.smallestCount(confidence: 0.95)
    if passes.count(where: { !$0.isEmpty }) < needed { return true }
    return candidates.contains { candidate in
      let isWide = MedianInterval(runToRunTimes: nanoseconds(of: candidate))?.isTooWide ?? false
      let ratio = candidate == fastest ? nil : runToRunRatio(of: fastest, over: candidate)
      return isWide || ratio.map { RatioVerdict($0, noiseFloor: noiseFloor) == .undecided } ?? false
    }
  }
}
