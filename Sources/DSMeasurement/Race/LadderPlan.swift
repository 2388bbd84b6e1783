/// How long the blocks of each rung are in one pass, and in how many rounds of it the rung takes part.
///
/// Time is shared out equally. A rung that can have all rounds for less than its share has longer blocks, so that
/// the time is used; one that is too slow has fewer rounds, in the end less than one a pass.
struct LadderPlan: Equatable {
  /// What is known of a rung before the pass.
  struct Rung {
    /// Of one run.
    let expectedNanoseconds: Double
    /// Before each block.
    let preparationNanoseconds: Double
  }

  /// The median of twenty samples of one moment is steady enough; what more time can give is longer blocks. Over
  /// all passes a rung has a few hundred samples at most, all of which are written down.
  static let mostRounds = 20
  /// Blocks of less are mostly clock and interrupts.
  private static let blockNanoseconds = 250_000.0
  /// Rungs slower than the fastest by more may have shorter blocks: what that biases is no concern then.
  private static let slowRatio = 4.0

  /// Runs in a block.
  let iterations: [Int]
  /// Rounds, which need not be whole.
  let rounds: [Double]

  /// - Parameters:
  ///   - nanoseconds: the time of the pass.
  ///   - hasSingleRuns: whether every block is one run, as where caches have to be prepared before each.
  ///   - hasShortBlocks: whether blocks stay short though there is time for longer ones, as where something interrupts them.
  init(
    _ rungs: [Rung], nanoseconds: Double, hasSingleRuns: Bool, hasShortBlocks: Bool = false
  ) {
    let shortest = Self(
      rungs, nanoseconds: nanoseconds,
      blockNanoseconds: hasSingleRuns ? 0 : Self.blockNanoseconds)
    let isFull = shortest.rounds.map { $0 >= Double(Self.mostRounds) }
    let full = rungs.indices.filter { isFull[$0] }
    let needed = full.reduce(0) { sum, index in
      sum + Double(Self.mostRounds) * rungs[index].cost(of: shortest.iterations[index])
    }
    let spare = nanoseconds * Double(full.count) / Double(max(rungs.count, 1)) / max(needed, 1)
    self =
      hasSingleRuns || hasShortBlocks || spare <= 1
      ? shortest
      : Self(
        rungs, nanoseconds: nanoseconds, blockNanoseconds: spare * Self.blockNanoseconds)
  }

  private init(_ rungs: [Rung], nanoseconds: Double, blockNanoseconds: Double) {
    let fastest = rungs.map(\.expectedNanoseconds).min() ?? 1
    let shared = max(1, Int((blockNanoseconds / fastest).rounded(.up)))
    let iterations = rungs.map { rung in
      rung.expectedNanoseconds <= Self.slowRatio * fastest
        ? shared : max(1, min(shared, Int(2 * blockNanoseconds / rung.expectedNanoseconds)))
    }
    self.iterations = iterations
    let costs = rungs.indices.map { rungs[$0].cost(of: iterations[$0]) }
    // Everybody the same, except that no one gets more than all rounds need.
    var share = 0.0
    var left = nanoseconds
    for (index, cost) in costs.sorted().enumerated() {
      let wanted = Double(Self.mostRounds) * cost
      share = left / Double(costs.count - index)
      if wanted > share { break }
      left -= wanted
    }
    rounds = costs.map { min(share / $0, Double(Self.mostRounds)) }
  }
}

extension LadderPlan.Rung {
  /// Of a block of so many runs, with the run that warms up.
  fileprivate func cost(of iterations: Int) -> Double {
    Double(iterations + (iterations > 1 ? 1 : 0)) * expectedNanoseconds + preparationNanoseconds
  }
}
