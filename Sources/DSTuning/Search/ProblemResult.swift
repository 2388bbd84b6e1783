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
  /// The reference's time divided by the winner's.
  public let speedup: PairedRatio?
  /// Candidates that measuring cannot tell from the winner.
  public let ties: [Candidate]
  /// Candidates that computed something wrong, and were not timed.
  public let invalid: [Candidate]
  /// How much faster than the best of the others the best audited candidate was, if it won.
  public let auditRegret: Double?
  public let doubts: [MeasurementDoubt]

  /// A result without measurement: the model's pick.
  init(predicted space: SearchSpace, best: Candidate) {
    self.space = space
    winner = best
    state = .predicted
    nanoseconds = nil
    speedup = nil
    ties = []
    invalid = []
    auditRegret = nil
    doubts = []
  }

  init(
    _ space: SearchSpace, raced: [Candidate], invalid: [Candidate], outcome: PairedRace.Outcome,
    isComplete: Bool? = nil
  ) {
    self.space = space
    let standings = outcome.decision.standings
    winner = raced[outcome.winner]
    // A race that its own time limit ends has said what it can; only an interruption leaves it open.
    state = isComplete ?? (outcome.ending != .interrupted) ? .measured : .partial
    nanoseconds = standings[outcome.winner].nanoseconds
    speedup = standings[outcome.winner].speedup
    ties = outcome.ties.map { raced[$0] }
    self.invalid = invalid
    doubts = outcome.doubts
    let audited = Set(space.candidates.suffix(space.auditedCount).map(\.label))
    func median(_ index: Int) -> Double { standings[index].nanoseconds?.median ?? .infinity }
    let others = raced.indices.filter { !audited.contains(raced[$0].label) }.map(median).min()
    auditRegret =
      audited.contains(winner.label) ? others.map { $0 / median(outcome.winner) - 1 } : nil
  }

  public var microseconds: Double {
    nanoseconds.map { $0.median / 1000 } ?? winner.predictedMicroseconds
  }
}
