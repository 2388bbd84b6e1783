import DSCore
import DSMeasurement
import Glibc
import Synchronization
import Testing

/// A machine that takes exactly as long as it is told to.
final class SimulatedMachine: Sendable {
  private let nanoseconds = Mutex<UInt64>(0)
  private let cpuNumber = Mutex(0)

  func advance(_ elapsed: Double) { nanoseconds.withLock { $0 += UInt64(elapsed) } }
  func move(to cpu: Int) { cpuNumber.withLock { $0 = cpu } }

  var clock: Clock { Clock { self.nanoseconds.withLock { $0 } } }

  func timer(clockRate: (() -> Double)? = nil) -> BlockTimer {
    BlockTimer(
      clock: clock, threadState: { .init(cpu: self.cpuNumber.withLock { $0 }) },
      clockRate: clockRate)
  }
}

@Suite struct RaceTests {
  /// Races candidates with the given true times; every block has `noise` of its own, and every round a
  /// slowness common to all.
  private func race(
    _ trueTimes: [Double], noise spread: Double = 0.01, drift: Double = 0, seed: UInt64,
    costs: [CandidateCost]? = nil, adjust: (inout RaceRules) -> Void = { _ in }
  ) -> PairedRace.Outcome {
    let machine = SimulatedMachine()
    var noise = Noise(seed: seed)
    var rules = RaceRules()
    rules.noiseFloor = 1.005
    rules.seed = seed
    adjust(&rules)
    var (blocks, slowness) = (0, 1.0)
    let costs = costs ?? trueTimes.indices.map { CandidateCost(name: "k\($0)") }
    return PairedRace(rules: rules, timer: machine.timer()).run(costs: costs, iterations: 10) {
      candidate, iterations in
      if blocks % trueTimes.count == 0 { slowness = noise.skewed(spread: drift) }
      blocks += 1
      machine.advance(
        trueTimes[candidate] * Double(iterations) * slowness * noise.skewed(spread: spread))
    }
  }

  @Test(arguments: [0.001, 0.01, 0.05]) func copiesTie(noise: Double) {
    let ties = (0..<200).count { seed in
      let outcome = race([10_000, 10_000], noise: noise, seed: UInt64(seed))
      return outcome.winner == 0 && outcome.ties == [1]
    }
    #expect(ties >= 190)
  }

  /// The reference's times scatter, so that only one of two copies is sure to beat it: the first wins all the same.
  @Test func theFirstOfTwoCopiesReplacesTheReference() {
    var times = RaceTimes(candidates: 3)
    for round in 0..<24 {
      let (reference, first, second) =
        round % 4 == 0 ? (1006.0, 1003.0, 1000.0) : (1100.0, 1001.0, 1000.0)
      times.append([(0, reference), (1, first), (2, second)])
    }
    var rules = RaceRules()
    rules.noiseFloor = 1.005
    let decision = RaceDecision(
      times: times, costs: (0..<3).map { CandidateCost(name: "k\($0)") },
      eliminated: [nil, nil, nil], rules: rules)
    #expect(decision.standings[1].speedup?.isAbove(rules.noiseFloor) == false)
    #expect(decision.fastest == 2)
    #expect(decision.winner == 1)
    #expect(decision.ties == [2])
  }

  /// Few and scattered rounds leave open whether the first is within a percent of its copy; as the model cannot tell
  /// them apart either, it wins. Of what the model does tell apart the one that has shown its gain wins.
  @Test(arguments: [(100.0, 1), (90.0, 2)]) func ofTwinsTheFirstWins(
    firstPrediction: Double, winner: Int
  ) {
    var times = RaceTimes(candidates: 3)
    for round in 0..<24 {
      let first = round % 2 == 0 ? 1020.0 : 998.0
      times.append([(0, round % 4 == 0 ? 1018.0 : 1100.0), (1, first), (2, 1000)])
    }
    var rules = RaceRules()
    rules.noiseFloor = 1.005
    let predictions = [120, firstPrediction, 100]
    let decision = RaceDecision(
      times: times,
      costs: predictions.indices.map {
        CandidateCost(name: "k\($0)", predictedMicroseconds: predictions[$0])
      }, eliminated: [nil, nil, nil], rules: rules)
    #expect(decision.standings[1].speedup?.isAbove(rules.noiseFloor) == false)
    #expect(decision.standings[2].speedup?.isAbove(rules.noiseFloor) == true)
    #expect(decision.fastest == 2)
    #expect(decision.winner == winner)
  }

  /// A copy of the reference left as slower than one that looked fastest for half of the race; in the end the reference
  /// is tied with that one and wins, and its copy is tied with it.
  @Test func whoIsEqualToTheWinnerIsTiedAlthoughItLeft() {
    var times = RaceTimes(candidates: 3)
    for round in 0..<24 {
      let fastest = round < 12 ? 950.0 : 1000.0
      times.append([(0, 1001), (2, fastest)] + (round < 12 ? [(1, 1001 + Double(round % 2))] : []))
    }
    var rules = RaceRules()
    rules.noiseFloor = 1.005
    let decision = RaceDecision(
      times: times, costs: (0..<3).map { CandidateCost(name: "k\($0)") },
      eliminated: [nil, 12, nil], rules: rules)
    #expect(decision.fastest == 2)
    #expect(decision.winner == 0)
    #expect(decision.ties == [1, 2])
    #expect(decision.standings[1].state == .tied)
  }

  /// The first of two twins left as slower than a third, which fell back; the second beat the reference. The first wins
  /// where it is tied with the second, and the second where it is the better one of the two.
  @Test(arguments: [(1000.0, 1), (1060.0, 2)]) func aTwinThatLeftTooEarlyWins(
    first: Double, winner: Int
  ) {
    var times = RaceTimes(candidates: 4)
    for round in 0..<24 {
      let third = round < 12 ? 950.0 : 1040.0
      times.append([(0, 1100), (2, 1000), (3, third)] + (round < 12 ? [(1, first)] : []))
    }
    var rules = RaceRules()
    rules.noiseFloor = 1.005
    let predictions = [120.0, 100, 100, 90]
    let decision = RaceDecision(
      times: times,
      costs: predictions.indices.map {
        CandidateCost(name: "k\($0)", predictedMicroseconds: predictions[$0])
      }, eliminated: [nil, 12, nil, nil], rules: rules)
    #expect(decision.winner == winner)
    #expect(decision.standings[winner].state == .winner)
    #expect(decision.ties.contains(3 - winner) == (winner == 1))
  }

  /// A parameter that does nothing: eight values of it, all equal.
  @Test(arguments: [0.002, 0.03]) func aParameterThatDoesNothingNeverWins(noise: Double) {
    for seed in 0..<200 {
      #expect(
        race(Array(repeating: 10_000, count: 9), noise: noise, seed: UInt64(seed)).winner == 0)
    }
  }

  @Test func threePercentAreFound() {
    let found = (0..<200).count { seed in
      let outcome = race([10_000, 10_000, 9_700, 12_000], noise: 0.01, seed: UInt64(seed))
      return outcome.winner == 2 && outcome.ties.isEmpty
    }
    #expect(found >= 190)
  }

  @Test func whatSlowsAWholeRoundDoesNotMatter() {
    let found = (0..<100).count { seed in
      race([10_000, 9_700], noise: 0.005, drift: 0.3, seed: UInt64(seed)).winner == 1
    }
    #expect(found >= 95)
    let ties = (0..<100).count { seed in
      race([10_000, 10_000], noise: 0.005, drift: 0.3, seed: UInt64(seed)).winner == 0
    }
    #expect(ties >= 95)
  }

  @Test func noGainBelowTheFloorIsClaimed() {
    for seed in 0..<50 {
      let outcome = race([10_000, 9_900], noise: 0.001, seed: UInt64(seed)) { $0.noiseFloor = 1.02 }
      #expect(outcome.winner == 0)
      #expect(outcome.ties == [1])
    }
  }

  @Test func speedupsCoverTheTruth() {
    let covered = (0..<200).count { seed in
      let speedup = race([10_000, 9_000], noise: 0.02, seed: UInt64(seed)).decision.standings[1]
        .speedup
      return speedup.map { $0.low <= 10 / 9 && 10 / 9 <= $0.high } ?? false
    }
    #expect(covered >= 190)
  }

  @Test func hopelessCandidatesLeaveEarlyAndTheReferenceStays() {
    let outcome = race([30_000, 10_000, 50_000, 10_500], seed: 1)
    #expect(outcome.decision.standings.map(\.state)[2] == .eliminated(round: 3))
    #expect(outcome.times.times(of: 2).count == 3)
    #expect(outcome.times.times(of: 0).count == outcome.times.rounds)
    #expect(outcome.winner == 1)
    #expect(outcome.decision.standings[0].state == .slower)
    #expect(outcome.ending == .decided)
  }

  @Test func tiesAreBrokenByThreadsThenMemoryThenName() {
    let costs = [
      CandidateCost(threads: 1, name: "default"), CandidateCost(threads: 2, name: "a"),
      CandidateCost(threads: 1, workspaceBytes: 64, name: "b"),
      CandidateCost(threads: 1, name: "d"),
      CandidateCost(threads: 1, name: "c"),
    ]
    let outcome = race(
      [20_000, 10_000, 10_000, 10_000, 10_000], noise: 0.002, seed: 2, costs: costs)
    #expect(outcome.winner == 4)
    #expect(outcome.ties == [3, 2, 1])
  }

  @Test func theSameSeedGivesTheSameRace() {
    #expect(race([10_000, 9_990, 10_010], seed: 9) == race([10_000, 9_990, 10_010], seed: 9))
  }

  @Test func aRecordedRaceIsDecidedAgainTheSameWay() {
    let outcome = race([10_000, 9_500, 9_520], noise: 0.005, seed: 4)
    var rules = RaceRules()
    rules.noiseFloor = 1.005
    let eliminated = outcome.decision.standings.map { standing -> Int? in
      if case .eliminated(let round) = standing.state { round } else { nil }
    }
    let again = RaceDecision(
      times: outcome.times, costs: (0..<3).map { CandidateCost(name: "k\($0)") },
      eliminated: eliminated, rules: rules)
    #expect(again == outcome.decision)
  }

  @Test func everyCandidateHasEveryPlaceEquallyOften() {
    var order = RoundOrder(seed: 1)
    var places = [[Int]](repeating: [0, 0, 0, 0], count: 4)
    for _ in 0..<12 {
      for (place, candidate) in order.next([0, 1, 2, 3]).enumerated() {
        places[candidate][place] += 1
      }
    }
    #expect(places.allSatisfy { $0 == [3, 3, 3, 3] })
    #expect(order.next([0, 2]).sorted() == [0, 2])
  }

  // MARK: - Endings

  /// The fastest is chosen from the same times, so every pair is a claim that can be wrong: of copies
  /// none may be found slower than another in more than 5 % of races.
  @Test(arguments: [3, 8]) func copiesAreRarelyFoundSlower(candidates: Int) {
    let wrong = (0..<400).count { seed in
      let outcome = race(
        Array(repeating: 10_000, count: candidates), noise: 0.01, seed: UInt64(seed)
      ) {
        $0.noiseFloor = 1
        $0.equivalence = 1
      }
      return outcome.decision.standings.contains {
        switch $0.state {
        case .eliminated, .slower: true
        case .winner, .tied: false
        }
      }
    }
    // 20 in 400, and what chance adds to that.
    #expect(wrong <= 32)
  }

  /// No look comes before it could decide, and a race with fewer rounds says so.
  @Test(arguments: [1, 2, 3, 5, 11, 12, 40], [8, 20, 24, 48, 400])
  func noLookComesTooEarly(candidates: Int, maximumRounds: Int) {
    var rules = RaceRules()
    rules.maximumRounds = maximumRounds
    let needed = rules.decidingRounds(candidates: candidates)
    // Any pair may be the one that is claimed, at a planned look or where time runs out.
    let claims = max(1, Double(candidates * (candidates - 1)))
    let single = rules.intervalConfidence(candidates: candidates)
    #expect(pow(single, claims) >= rules.confidence - 1e-9)
    let outcome = race(
      (0..<candidates).map { $0 == 0 ? 10_000 : 8_000 + Double($0) }, noise: 0.001, seed: 1
    ) {
      $0.maximumRounds = maximumRounds
      $0.grossRatio = .infinity
    }
    if needed <= maximumRounds {
      #expect(outcome.times.rounds >= needed && !outcome.isTooShort)
    } else {
      #expect(outcome.winner == 0 && outcome.isTooShort)
    }
  }

  @Test func oneCandidateIsTimedAndWins() {
    let outcome = race([10_000], seed: 1)
    #expect(outcome.winner == 0)
    #expect(outcome.ending == .decided)
    #expect(outcome.decision.standings[0].nanoseconds?.isSufficient == true)
  }

  @Test func endsInTimeWithTheReferenceAndADoubt() {
    let outcome = race([10_000, 5_100], seed: 1) { $0.maximumNanoseconds = 500_000 }
    #expect(outcome.ending == .time)
    #expect(outcome.winner == 0)
    #expect(outcome.doubts == [.fewSamples(count: outcome.times.rounds, needed: 9)])
  }

  /// Continued after a break: the time of the recorded rounds is spent.
  @Test func aContinuedRaceHasTheTimeThatItHadLeft() {
    let rounds = (0..<3).map { round in
      (0..<2).map { candidate in
        BlockRecord(
          candidate: candidate, round: round, iterations: 1, elapsedNanoseconds: 1000, cpuBefore: 0,
          cpuAfter: 0, contextSwitches: 0, minorFaults: 0, majorFaults: 0, counters: nil)
      }
    }
    func continued(nanoseconds: UInt64) -> PairedRace.Outcome {
      let machine = SimulatedMachine()
      var rules = RaceRules()
      rules.maximumNanoseconds = nanoseconds
      var race = PairedRace(rules: rules, timer: machine.timer())
      race.recorded = rounds
      return race.run(
        costs: [CandidateCost(name: "a"), CandidateCost(name: "b")], iterations: 1
      ) { _, _ in machine.advance(1000) }
    }
    #expect(continued(nanoseconds: 6000).times.rounds == 3)
    #expect(continued(nanoseconds: 6001).times.rounds == 4)
    #expect(continued(nanoseconds: 10_000).ending == .time)
  }

  @Test func stopsBeforeTheFirstRound() {
    let outcome = PairedRace(timer: SimulatedMachine().timer()).run(
      costs: [CandidateCost(name: "a"), CandidateCost(name: "b")], iterations: 1,
      shouldStop: { true }, run: { _, _ in })
    #expect(outcome.ending == .interrupted)
    #expect(outcome.winner == 0)
    #expect(outcome.decision.standings[0].nanoseconds == nil)
  }

  /// What a stop cuts short would look fast.
  @Test func aRoundThatWasStoppedDoesNotCount() {
    let machine = SimulatedMachine()
    for stopAt in 1...9 {
      var (blocks, observed) = (0, 0)
      var race = PairedRace(timer: machine.timer())
      race.observe = { observed += $0.count }
      let outcome = race.run(
        costs: [CandidateCost(name: "a"), CandidateCost(name: "b")], iterations: 1,
        shouldStop: { blocks >= stopAt }
      ) { _, _ in
        blocks += 1
        machine.advance(blocks == stopAt ? 1 : 1000)
      }
      #expect(blocks == stopAt && outcome.ending == .interrupted)
      #expect(outcome.times.rounds == (stopAt - 1) / 2 && observed == 2 * outcome.times.rounds)
      #expect(outcome.times.times(of: 0).allSatisfy { $0 == 1000 })
    }
  }

  @Test func neverMoreRoundsThanAllowed() {
    let outcome = race([10_000, 9_900], noise: 0.2, seed: 1)
    #expect(outcome.ending == .rounds)
    #expect(outcome.times.rounds == RaceRules().maximumRounds)
  }

  /// What a candidate finds, its own preparation has left, however long that took.
  @Test func eachBlockIsPreparedAndThatIsNotTimed() {
    let machine = SimulatedMachine()
    var prepared: [Int] = []
    var timed: [Int] = []
    var race = PairedRace(timer: machine.timer())
    race.prepare = { candidate in
      prepared.append(candidate)
      machine.advance(candidate == 0 ? 10 : 50_000)
    }
    let outcome = race.run(
      costs: [CandidateCost(name: "a"), CandidateCost(name: "b")], iterations: 1
    ) { candidate, _ in
      timed.append(candidate)
      machine.advance(prepared.last == candidate ? 1000 - 100 * Double(candidate) : 1_000_000)
    }
    #expect(prepared == timed)
    #expect(outcome.winner == 1)
    #expect(outcome.times.times(of: 0).allSatisfy { $0 == 1000 })
    #expect(outcome.times.times(of: 1).allSatisfy { $0 == 900 })
  }

  // MARK: - Dropped rounds

  @Test func roundsWithAMigrationDoNotCount() {
    let machine = SimulatedMachine()
    var calls = 0
    let outcome = PairedRace(timer: machine.timer()).run(
      costs: [CandidateCost(name: "a"), CandidateCost(name: "b")], iterations: 1
    ) { candidate, _ in
      calls += 1
      if calls % 6 == 0 { machine.move(to: calls) }
      machine.advance(candidate == 0 ? 1000 : 900)
    }
    #expect(outcome.winner == 1)
    #expect(outcome.droppedRounds.allSatisfy { $0 == .migration })
    #expect(outcome.droppedRounds.count * 3 >= outcome.times.rounds)
    #expect(outcome.blocks.count == 2 * (outcome.times.rounds + outcome.droppedRounds.count))
    let doubted = outcome.doubts.contains { if case .droppedRounds = $0 { true } else { false } }
    #expect(doubted)
  }

  @Test func aClockThatNeverSettlesEndsTheRace() {
    let machine = SimulatedMachine()
    var rate = 1.0
    let timer = machine.timer {
      rate *= 1.1
      return rate
    }
    let outcome = PairedRace(timer: timer).run(
      costs: [CandidateCost(name: "a"), CandidateCost(name: "b")], iterations: 1
    ) { _, _ in machine.advance(1000) }
    #expect(outcome.ending == .rounds)
    #expect(outcome.times.rounds == 0)
    #expect(outcome.winner == 0)
    #expect(outcome.droppedRounds.count == 2 * RaceRules().maximumRounds)
  }
}
