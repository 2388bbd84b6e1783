import DSCore

/// Finds the fastest of several candidates by timing them side by side, round after round.
///
/// Every round times a block of each candidate still in the race; candidates are compared by the ratios
/// of times in the same round, so what slows a whole round slows nobody. Candidates that are slower for
/// certain leave early (Hoeffding races: Maron and Moore, NIPS 1993; here with sign-test intervals
/// instead of bounded ranges). Candidate 0 is the reference: it stays to the end, and only a gain beyond the
/// noise floor replaces it.
public struct PairedRace {
  public enum Ending: String, Sendable {
    /// Every candidate is slower for certain or tied for good.
    case decided
    case rounds
    case time
    /// The caller asked to stop.
    case interrupted
  }

  public struct Outcome: Sendable, Equatable {
    public var decision: RaceDecision
    public var times: RaceTimes
    /// Every block that was timed, dropped ones included.
    public var blocks: [BlockRecord]
    public var ending: Ending
    public var droppedRounds: [BlockRecord.DropReason]
    public var doubts: [MeasurementDoubt]

    public var winner: Int { decision.winner }
    public var ties: [Int] { decision.ties }
    /// Whether there were too few rounds for any claim.
    public var isTooShort: Bool {
      doubts.contains { if case .fewSamples = $0 { true } else { false } }
    }
  }

  public var rules: RaceRules
  public var timer: BlockTimer
  /// Rounds of an earlier, interrupted race with the same candidates and rules, in order: they are taken
  /// as if they had just been timed, so that the race goes on where it stopped, with the time that it had left.
  public var recorded: [[BlockRecord]] = []
  /// Brings caches and threads into the state that candidate `$0` is to be timed in, before each of its blocks; not timed.
  public var prepare: (_ candidate: Int) -> Void = { _ in }
  /// Told of every round that is timed (not of recorded ones), so that it can be kept.
  public var observe: ([BlockRecord]) -> Void = { _ in }

  public init(rules: RaceRules = RaceRules(), timer: BlockTimer = BlockTimer()) {
    self.rules = rules
    self.timer = timer
  }

  /// - Parameters:
  ///   - costs: One for each candidate, the reference's first.
  ///   - iterations: Runs in a block, the same for all.
  ///   - shouldStop: Asked before each round and after each block. A round that it ends does not count, so that a block may
  ///     be cut short because of it.
  ///   - run: Runs candidate `$0` `$1` times.
  public func run(
    costs: [CandidateCost], iterations: Int, shouldStop: () -> Bool = { false },
    run: (_ candidate: Int, _ iterations: Int) -> Void
  ) -> Outcome {
    precondition(!costs.isEmpty, "a race of nobody")
    var state = State(candidates: costs.count, rules: rules)
    var remaining = recorded[...]
    let spent = recorded.joined().reduce(0) { $0 &+ $1.elapsedNanoseconds }
    let start = timer.clock.now()
    var ending: Ending?
    while ending == nil {
      if let round = remaining.popFirst() {
        // Drawn all the same: the rounds that follow then come in the order they would have had.
        _ = state.nextOrder()
        state.add(round)
        ending = state.look()
        continue
      }
      let isLate =
        rules.maximumNanoseconds.map {
          ClockTime.elapsed(from: start, to: timer.clock.now()) &+ spent >= $0
        } ?? false
      if shouldStop() {
        ending = .interrupted
      } else if isLate {
        ending = .time
      } else {
        guard
          let round = timeRound(&state, iterations: iterations, shouldStop: shouldStop, run: run)
        else {
          ending = .interrupted
          break
        }
        observe(round)
        state.add(round)
        ending = state.look()
      }
    }
    return state.outcome(costs: costs, ending: ending ?? .rounds)
  }

  /// - Returns: `nil` where it was ended.
  private func timeRound(
    _ state: inout State, iterations: Int, shouldStop: () -> Bool, run: (Int, Int) -> Void
  ) -> [BlockRecord]? {
    let rateBefore = timer.clockRate?()
    var blocks: [BlockRecord] = []
    for candidate in state.nextOrder() {
      prepare(candidate)
      let block = timer.time(
        candidate: candidate, round: state.roundCount, iterations: iterations
      ) { run(candidate, $0) }
      if shouldStop() { return nil }
      blocks.append(block)
    }
    let rateAfter = timer.clockRate?()
    if let reason = dropReason(blocks, rateBefore: rateBefore, rateAfter: rateAfter) {
      for index in blocks.indices { blocks[index].dropReason = reason }
    }
    return blocks
  }

  private func dropReason(
    _ blocks: [BlockRecord], rateBefore: Double?, rateAfter: Double?
  ) -> BlockRecord.DropReason? {
    let cpus = Set(blocks.flatMap { [$0.cpuBefore, $0.cpuAfter] })
    if cpus.count > 1 { return .migration }
    if let rateBefore, let rateAfter,
      (rateAfter / rateBefore - 1).magnitude > rules.maximumClockChange
    {
      return .clockChange
    }
    return nil
  }
}
