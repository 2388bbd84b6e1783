import DSMeasurement
import DSNetworks
import DSRuntime

/// Runs a network with several schedules in turns.
struct ScheduleRace {
  struct Entrant {
    let name: String
    let session: Session
    var threads: Int { session.plan.workers }
  }

  private static let mostRounds = 400

  /// The first schedule's a second time at the end.
  let entrants: [Entrant]
  let network: Network
  let seconds: Double

  /// The times as far as nothing else had a hand in them. Where they leave something open there are as many rounds again.
  ///
  /// - Throws: `RuntimeError.outOfMemory`.
  func times(shouldStop: () -> Bool) throws(RuntimeError) -> QuietTimes {
    let image = try SeededWeights().checkedInput(shape: network.input)
    return image.withUnsafeBytes { bytes in
      func block(_ candidate: Int, _ count: Int) {
        guard let base = bytes.baseAddress else { return }
        for _ in 0..<count { _ = entrants[candidate].session.timedRun(base) }
      }
      for candidate in entrants.indices { block(candidate, 3) }
      let iterations = BlockCalibration(minimumNanoseconds: 4e6) { block(0, $0) }.iterations
      var race = PairedRace(rules: rules(times: 1))
      // Each finds the caches as its own last inference left them, not another's.
      race.prepare = { block($0, 1) }
      var quiet = QuietTimes(candidates: entrants.count)
      for times in 1...2 where times == 1 || isUndecided(quiet) {
        race.rules = rules(times: times)
        let outcome = race.run(
          costs: entrants.map { CandidateCost(threads: $0.threads, name: $0.name) },
          iterations: iterations, shouldStop: shouldStop, run: block)
        race.recorded = outcome.blocksByRound
        quiet = QuietTimes(outcome)
      }
      return quiet
    }
  }

  private func isUndecided(_ quiet: QuietTimes) -> Bool {
    let rows = ScheduleRow.rows(entrants.dropLast(), quiet)
    return rows.contains { $0.indecision != nil }
  }

  /// The whole time is used: intervals as narrow as it allows, and nobody leaves early.
  private func rules(times: Int) -> RaceRules {
    var rules = RaceRules()
    rules.minimumRounds = Self.mostRounds * times
    rules.maximumRounds = Self.mostRounds * times
    rules.grossRatio = .infinity
    rules.maximumNanoseconds = UInt64(seconds * 1e9) * UInt64(times)
    return rules
  }
}
