/// The valid times of a race: one row a candidate, one column a round.
public struct RaceTimes: Sendable, Equatable {
  /// Nanoseconds per run; `nil` where the candidate did not take part.
  public private(set) var rows: [[Double?]]

  public init(candidates: Int) { rows = Array(repeating: [], count: candidates) }

  public var candidates: Int { rows.count }
  public var rounds: Int { rows.first?.count ?? 0 }

  /// Adds a round of (candidate, nanoseconds per run).
  public mutating func append(_ round: [(candidate: Int, nanoseconds: Double)]) {
    for index in rows.indices { rows[index].append(nil) }
    for (candidate, nanoseconds) in round { rows[candidate][rounds - 1] = nanoseconds }
  }

  /// Takes back a candidate's time of a round, as if it had not taken part.
  mutating func leaveOut(_ candidate: Int, round: Int) { rows[candidate][round] = nil }

  public func times(of candidate: Int) -> [Double] { rows[candidate].compactMap { $0 } }

  /// The ratio of two candidates' times over the rounds in which both took part.
  public func ratio(
    of candidate: Int, over other: Int, confidence: Double
  ) -> PairedRatio? {
    let pairs = pairs(of: candidate, over: other, passes: [0..<rounds])[0]
    return PairedRatio(pairs.map(\.0), over: pairs.map(\.1), confidence: confidence)
  }

  // MARK: - Passes

  /// A candidate's times, those of a pass together.
  ///
  /// - Parameter passes: the rounds of each.
  public func times(of candidate: Int, passes: [Range<Int>]) -> [[Double]] {
    passes.map { rows[candidate][$0].compactMap { $0 } }
  }

  /// As `ratio(of:over:confidence:)`, with an interval that takes passes for independent and not rounds.
  public func ratio(
    of candidate: Int, over other: Int, confidence: Double, passes: [Range<Int>]
  ) -> PairedRatio? {
    PairedRatio(passes: pairs(of: candidate, over: other, passes: passes), confidence: confidence)
  }

  /// The same with the interval in which another run's ratio is expected.
  public func runToRunRatio(
    of candidate: Int, over other: Int, passes: [Range<Int>]
  ) -> PairedRatio? {
    PairedRatio(runToRun: pairs(of: candidate, over: other, passes: passes))
  }

  /// What both have of each round.
  private func pairs(
    of candidate: Int, over other: Int, passes: [Range<Int>]
  ) -> [[(numerator: Double, denominator: Double)]] {
    passes.map { rounds in
      zip(rows[candidate][rounds], rows[other][rounds]).compactMap { first, second in
        first.flatMap { first in second.map { (first, $0) } }
      }
    }
  }
}
