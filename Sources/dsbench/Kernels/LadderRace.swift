import CSystem
import DSCore
import DSMeasurement

/// Times all rungs of a ladder side by side within a time limit, and drops none.
///
/// Every round times a block of each rung, in an order of its own, so that what slows a whole round slows
/// nobody in the comparison. Rungs may differ by a factor of a thousand: slow ones get shorter blocks and
/// take part in some of the rounds only, spread evenly.
struct LadderRace {
  struct Rung {
    /// Brings the caches into the wanted state; not timed.
    let prepare: () -> Void
    let run: (_ iterations: Int) -> Void
    /// Of one run.
    let expectedNanoseconds: Double
    /// Whether `expectedNanoseconds` is a clean sample already, so that none has to follow.
    let isSampled: Bool
    /// Of one `prepare`.
    let preparationNanoseconds: Double
  }

  /// The times of all rungs, and what happened to each of them meanwhile.
  struct Outcome {
    var times: RaceTimes
    /// Of all timed blocks of a rung together.
    var counts: [EventCounts?]
    /// Runs in those blocks.
    var iterations: [Int]

    init(rungs: Int) {
      times = RaceTimes(candidates: rungs)
      counts = Array(repeating: nil, count: rungs)
      iterations = Array(repeating: 0, count: rungs)
    }

    fileprivate mutating func count(_ block: BlockRecord, of rung: Int) {
      guard let own = block.counters else { return }
      counts[rung] = (counts[rung] ?? .zero) + own
      iterations[rung] += block.iterations
    }
  }

  static let mostRounds = 40
  /// Blocks of less are mostly clock and interrupts.
  private static let blockNanoseconds = 250_000.0
  /// Rungs slower than the fastest by more may have shorter blocks: what that biases is no concern then.
  private static let slowRatio = 4.0

  var timer = BlockTimer()
  var seed: UInt64 = 1
  let rungs: [Rung]
  /// One run a block, for caches that have to be prepared before each.
  let hasSingleRuns: Bool

  /// - Parameter deadline: on the monotonic clock; at least one sample of each rung is taken all the same.
  func run(until deadline: UInt64, shouldStop: () -> Bool) -> Outcome {
    var outcome = Outcome(rungs: rungs.count)
    guard let fastest = rungs.map(\.expectedNanoseconds).min() else { return outcome }
    let shared = hasSingleRuns ? 1 : max(1, Int((Self.blockNanoseconds / fastest).rounded(.up)))
    let iterations = rungs.map { rung in
      rung.expectedNanoseconds <= Self.slowRatio * fastest
        ? shared : max(1, min(shared, Int(2 * Self.blockNanoseconds / rung.expectedNanoseconds)))
    }
    let now = cs_monotonic_ns()
    let rounds = roundsOf(iterations, within: deadline > now ? Double(deadline - now) : 0)
    var generator = SeededGenerator(seed: seed)
    let last = max(1, rounds.max() ?? 0)
    for round in 0..<last {
      let due = rungs.indices.filter { isDue(rounds[$0], round: round, of: last) }
      let isLate = cs_monotonic_ns() >= deadline
      if shouldStop() || (isLate && outcome.times.rows.allSatisfy { $0.contains { $0 != nil } }) {
        break
      }
      let blocks = due.shuffled(using: &generator).map { index in
        let block = block(of: rungs[index], iterations: iterations[index], round: round)
        outcome.count(block, of: index)
        return (index, block.nanosecondsPerRun)
      }
      // A rung too slow to be run again has the run in which it was checked as its only sample.
      let checked = rungs.indices.filter { round == 0 && rounds[$0] == 0 }
        .map { ($0, rungs[$0].expectedNanoseconds) }
      outcome.times.append((blocks + checked).map { (candidate: $0.0, nanoseconds: $0.1) })
    }
    return outcome
  }

  /// Spreads `count` turns evenly over all rounds, the first one in the first round.
  private func isDue(_ count: Int, round: Int, of rounds: Int) -> Bool {
    (count * round + rounds - 1) / rounds < (count * (round + 1) + rounds - 1) / rounds
  }

  private func block(of rung: Rung, iterations: Int, round: Int) -> BlockRecord {
    rung.prepare()
    // Wakes the threads, and leaves the caches as a run of this rung does.
    if iterations > 1 { rung.run(1) }
    return timer.time(round: round, iterations: iterations, run: rung.run)
  }

  /// Shares the time out: every rung the same, except that no one gets more than it needs for the most
  /// rounds there are.
  private func roundsOf(_ iterations: [Int], within nanoseconds: Double) -> [Int] {
    let costs = rungs.indices.map { index in
      Double(iterations[index] + (iterations[index] > 1 ? 1 : 0)) * rungs[index].expectedNanoseconds
        + rungs[index].preparationNanoseconds
    }
    var share = 0.0
    var left = nanoseconds
    for (index, cost) in costs.sorted().enumerated() {
      let wanted = Double(Self.mostRounds) * cost
      share = left / Double(costs.count - index)
      if wanted > share { break }
      left -= wanted
    }
    return rungs.indices.map { index in
      let affordable = Int(min(share / costs[index], Double(Self.mostRounds)))
      return max(rungs[index].isSampled ? 0 : 1, affordable)
    }
  }
}
