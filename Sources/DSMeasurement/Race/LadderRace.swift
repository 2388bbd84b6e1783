import DSCore

/// Times all rungs of a ladder side by side, in passes far apart in time. Every block is kept; `Outcome.quiet` says which to go by.
///
/// Every round times a block of each rung, in an order of its own, so that what slows a whole round slows
/// nobody in the comparison. Rungs may differ by a factor of a thousand: slow ones get shorter blocks and
/// take part in some of the rounds only, or in some of the passes, spread evenly.
package struct LadderRace {
  package struct Rung {
    let prepare: () -> Void
    package let run: (_ iterations: Int) -> Void
    package let expectedNanoseconds: Double
    let isSampled: Bool
    let preparationNanoseconds: Double

    /// - Parameters:
    ///   - prepare: Brings the caches into the wanted state; not timed.
    ///   - expectedNanoseconds: Of one run.
    ///   - isSampled: Whether that is a clean sample already, so that none has to follow.
    ///   - preparationNanoseconds: Of one `prepare`.
    package init(
      prepare: @escaping () -> Void = {}, run: @escaping (_ iterations: Int) -> Void,
      expectedNanoseconds: Double, isSampled: Bool = false, preparationNanoseconds: Double = 0
    ) {
      self.prepare = prepare
      self.run = run
      self.expectedNanoseconds = expectedNanoseconds
      self.isSampled = isSampled
      self.preparationNanoseconds = preparationNanoseconds
    }
  }

  /// The times of all rungs, and what happened to each of them meanwhile.
  package struct Outcome {
    package fileprivate(set) var times: RaceTimes
    /// The rounds of each pass.
    package fileprivate(set) var passes: [Range<Int>] = []
    /// Of all timed blocks of a rung together.
    package fileprivate(set) var counts: [EventCounts?]
    /// Runs in those blocks.
    package fileprivate(set) var iterations: [Int]
    /// Of each rung's blocks, round by round; `nil` where it had no turn.
    fileprivate var interruptions: [[Int?]]

    init(rungs: Int) {
      times = RaceTimes(candidates: rungs)
      counts = Array(repeating: nil, count: rungs)
      iterations = Array(repeating: 0, count: rungs)
      interruptions = Array(repeating: [], count: rungs)
    }

    /// The times as far as nothing else on the machine had a hand in them.
    package var quiet: QuietTimes {
      QuietTimes(times, interruptions: interruptions, passes: passes)
    }

    /// Whether so many blocks are interrupted that long ones would be every time.
    fileprivate var isOftenInterrupted: Bool {
      let counts = interruptions.joined().compactMap { $0 }
      return 10 * counts.count { $0 > 0 } > counts.count
    }

    fileprivate mutating func append(
      _ blocks: [(rung: Int, block: BlockRecord)], checked: [(rung: Int, nanoseconds: Double)]
    ) {
      for rung in interruptions.indices { interruptions[rung].append(nil) }
      for (rung, block) in blocks {
        interruptions[rung][interruptions[rung].count - 1] = block.interruptions
        count(block, of: rung)
      }
      times.append(
        (blocks.map { ($0.rung, $0.block.nanosecondsPerRun) } + checked)
          .map { (candidate: $0.0, nanoseconds: $0.1) })
    }

    private mutating func count(_ block: BlockRecord, of rung: Int) {
      guard let own = block.counters else { return }
      counts[rung] = (counts[rung] ?? .zero) + own
      iterations[rung] += block.iterations
    }
  }

  /// A pass that takes so many times as long as it was to ends, so that there are others.
  private static let overrun = 1.5
  /// Not before so many rounds.
  private static let fewestRounds = 3

  package let rungs: [Rung]
  package private(set) var outcome: Outcome
  private let hasSingleRuns: Bool
  private let timer: BlockTimer
  private var generator: SeededGenerator
  /// Of one run, as the last pass had it.
  private var expectedNanoseconds: [Double]
  /// Rounds that a rung was to have by now and has not had.
  private var owedRounds: [Double]

  /// - Parameter hasSingleRuns: one run a block, for caches that have to be prepared before each.
  package init(
    _ rungs: [Rung], hasSingleRuns: Bool = false, timer: BlockTimer = BlockTimer(), seed: UInt64 = 1
  ) {
    self.rungs = rungs
    self.hasSingleRuns = hasSingleRuns
    self.timer = timer
    generator = SeededGenerator(seed: seed)
    outcome = Outcome(rungs: rungs.count)
    expectedNanoseconds = rungs.map(\.expectedNanoseconds)
    owedRounds = rungs.map { _ in 0 }
  }

  /// Times the rungs for about so long.
  ///
  /// - Parameters:
  ///   - deadline: On the timer's clock; the first pass takes one sample of each rung all the same.
  ///   - shouldStop: Asked before each block.
  package mutating func pass(
    nanoseconds: Double, until deadline: UInt64, shouldStop: () -> Bool = { false }
  ) {
    let first = outcome.times.rounds
    let plan = LadderPlan(
      rungs.indices.map {
        LadderPlan.Rung(
          expectedNanoseconds: expectedNanoseconds[$0],
          preparationNanoseconds: rungs[$0].preparationNanoseconds)
      }, nanoseconds: nanoseconds, hasSingleRuns: hasSingleRuns,
      hasShortBlocks: outcome.isOftenInterrupted)
    let turns = turns(plan)
    // A pass without time is a round all the same where rungs wait for their first sample.
    let isFirst = outcome.passes.isEmpty
    let rounds = max(turns.max() ?? 0, isFirst && !rungs.isEmpty ? 1 : 0)
    let turnEnd = timer.clock.now() &+ UInt64(min(Self.overrun * nanoseconds, 1e18))
    for round in 0..<rounds {
      let now = timer.clock.now()
      let isLate = now >= deadline || round >= Self.fewestRounds && now >= turnEnd
      if shouldStop() || (isLate && !isWaiting) { break }
      let due = rungs.indices.filter { isDue(turns[$0], round: round, of: rounds) }
      var blocks: [(rung: Int, block: BlockRecord)] = []
      for index in due.shuffled(using: &generator) where !shouldStop() {
        blocks.append((index, block(of: rungs[index], iterations: plan.iterations[index])))
      }
      // A rung too slow to be run again now has the run in which it was checked as a sample.
      let checked = rungs.indices.filter { isFirst && round == 0 && turns[$0] == 0 }
        .map { (rung: $0, nanoseconds: rungs[$0].expectedNanoseconds) }
      outcome.append(blocks, checked: checked)
    }
    let pass = first..<outcome.times.rounds
    outcome.passes.append(pass)
    for index in rungs.indices where turns[index] > 0 {
      let times = SortedSample(outcome.times.times(of: index, passes: [pass])[0])
      expectedNanoseconds[index] = times?.median ?? expectedNanoseconds[index]
    }
  }

  /// Whether a rung has no sample yet.
  private var isWaiting: Bool {
    outcome.times.rows.contains { row in row.allSatisfy { $0 == nil } }
  }

  /// Whole rounds for this pass; what a fraction promises is kept for a later one. The first round of a rung is
  /// in the first pass, unless it has a sample without.
  private mutating func turns(_ plan: LadderPlan) -> [Int] {
    rungs.indices.map { index in
      owedRounds[index] += plan.rounds[index]
      let isWaiting = outcome.passes.isEmpty && !rungs[index].isSampled
      let whole = owedRounds[index].rounded(rungs[index].isSampled ? .down : .up)
      let turns = max(isWaiting ? 1 : 0, min(Int(whole), LadderPlan.mostRounds))
      owedRounds[index] -= Double(turns)
      return turns
    }
  }

  /// Spreads `count` turns evenly over all rounds of the pass, the first one in the first round.
  private func isDue(_ count: Int, round: Int, of rounds: Int) -> Bool {
    (count * round + rounds - 1) / rounds < (count * (round + 1) + rounds - 1) / rounds
  }

  private func block(of rung: Rung, iterations: Int) -> BlockRecord {
    rung.prepare()
    // Wakes the threads, and leaves the caches as a run of this rung does.
    if iterations > 1 { rung.run(1) }
    return timer.time(round: outcome.times.rounds, iterations: iterations, run: rung.run)
  }
}
