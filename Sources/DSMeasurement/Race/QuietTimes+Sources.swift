extension QuietTimes {
  /// The valid rounds of a race, in as many parts as a measurement has passes.
  package init(_ outcome: PairedRace.Outcome) {
    let rounds = outcome.blocksByRound.filter { $0.first?.dropReason == nil }
    var interruptions = [[Int?]](repeating: [], count: outcome.times.candidates)
    for round in rounds {
      for candidate in interruptions.indices {
        interruptions[candidate].append(
          round.first { $0.candidate == candidate }.map(\.interruptions))
      }
    }
    self.init(
      outcome.times, interruptions: interruptions,
      passes: Passes.consecutive(samples: outcome.times.rounds))
  }

  /// One thing timed again and again, of which nothing but the times is known.
  package init(series nanoseconds: [Double]) {
    var times = RaceTimes(candidates: 1)
    for time in nanoseconds { times.append([(0, time)]) }
    self.init(
      times, interruptions: [nanoseconds.map { _ in nil }],
      passes: Passes.consecutive(samples: nanoseconds.count))
  }

  /// Of a race that nobody ran.
  package init(candidates: Int) {
    self.init(
      RaceTimes(candidates: candidates),
      interruptions: Array(repeating: [], count: candidates), passes: [])
  }
}

extension PairedRace.Outcome {
  /// The blocks of each round in order, dropped ones included: what `PairedRace.recorded` takes.
  package var blocksByRound: [[BlockRecord]] {
    var rounds: [[BlockRecord]] = []
    for block in blocks {
      if rounds.last?.first?.round == block.round {
        rounds[rounds.count - 1].append(block)
      } else {
        rounds.append([block])
      }
    }
    return rounds
  }
}
