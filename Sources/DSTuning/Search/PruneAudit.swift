/// What timing a few of the pruned candidates all the same has shown: whether the pruning left out something faster.
public struct PruneAudit: Sendable {
  /// Pruned candidates that were timed.
  public let timedCount: Int
  /// How many of them were faster than all that was not pruned, beyond the noise.
  public let winCount: Int
  /// By how much at most: 0.03 for 3 %; 0 where none was.
  public let regret: Double

  init(_ results: some Sequence<ProblemResult>) {
    let regrets = results.compactMap(\.auditRegret)
    timedCount = results.reduce(0) { $0 + $1.auditedCount }
    winCount = regrets.count
    regret = regrets.max() ?? 0
  }
}
