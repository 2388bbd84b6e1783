import DSMeasurement
import Testing

@Suite struct LadderTests {
  private let machine = SimulatedMachine()

  private func race(_ nanoseconds: [Double], isSampled: Bool = false) -> LadderRace {
    LadderRace(
      nanoseconds.map { time in
        LadderRace.Rung(
          run: { machine.advance(time * Double($0)) }, expectedNanoseconds: time,
          isSampled: isSampled && time > 1e7)
      }, timer: machine.timer())
  }

  private func run(
    _ ladders: [[Double]], seconds: Double, isSampled: Bool = false,
    shouldStop: (Int) -> Bool = { _ in false }
  ) -> (passes: LadderPasses, order: [Int]) {
    var passes = LadderPasses(weights: ladders.map { _ in 1 }, clock: machine.clock)
    var order: [Int] = []
    passes.run(
      until: machine.clock.now() + UInt64(seconds * 1e9), shouldStop: { shouldStop(order.count) },
      prepare: { index, _ in race(ladders[index], isSampled: isSampled) },
      progress: { index, _ in order.append(index) })
    return (passes, order)
  }

  @Test func samplesOfAProblemAreSpreadOverAllPasses() {
    let (passes, order) = run([[50_000, 60_000], [80_000]], seconds: 2)
    #expect(order == (0..<Passes.count).flatMap { _ in [0, 1] })
    for race in passes.races {
      #expect(race.outcome.passes.count == Passes.count)
      for rung in race.rungs.indices {
        let times = race.outcome.times.times(of: rung, passes: race.outcome.passes)
        #expect(times.allSatisfy { $0.count == times[0].count && !$0.isEmpty })
        #expect(times.joined().count == race.outcome.times.rounds)
      }
    }
  }

  @Test(arguments: [0.5, 5, 50]) func theTimeIsUsed(seconds: Double) {
    let (passes, _) = run([[50_000, 60_000], [80_000], [1000, 3e6]], seconds: seconds)
    let used = Double(machine.clock.now()) / 1e9
    #expect((0.8 * seconds...1.05 * seconds).contains(used))
    #expect(
      passes.races.allSatisfy { race in
        race.outcome.times.rows.allSatisfy { $0.count <= 20 * Passes.count }
      })
  }

  /// 60 ms a run, where a rung has 41 ms a pass.
  @Test func slowRungsTakePartInSomePasses() {
    let (passes, _) = run([[50_000, 60e6]], seconds: 1)
    let outcome = passes.races[0].outcome
    let turns = outcome.times.times(of: 1, passes: outcome.passes).map(\.count)
    #expect(turns[0] == 1 && turns.allSatisfy { $0 <= 1 })
    #expect((6...11).contains(turns.reduce(0, +)))
    // Spread: never two passes without in a row.
    #expect(zip(turns, turns.dropFirst()).allSatisfy { $0 + $1 > 0 })
  }

  @Test func aRungTooSlowForASecondRunHasTheOneItWasCheckedIn() {
    let (passes, _) = run([[50_000, 3e9]], seconds: 1, isSampled: true)
    #expect(passes.races[0].outcome.times.times(of: 1) == [3e9])
    #expect(Double(machine.clock.now()) <= 1.1e9)
  }

  @Test func withoutTimeThereIsASampleOfEach() {
    let (passes, order) = run([[50_000, 60e6], [80_000]], seconds: 0)
    #expect(order == [0, 1])
    #expect(passes.races.map { $0.outcome.times.rows.map(\.count) } == [[1, 1], [1]])
  }

  /// Expected too short by half: the time holds all the same, and nobody is left behind.
  @Test func wrongExpectationsAreCorrected() {
    var passes = LadderPasses(weights: [1, 1], clock: machine.clock)
    passes.run(
      until: 2_000_000_000,
      prepare: { _, _ in
        LadderRace(
          [LadderRace.Rung(run: { machine.advance(2e5 * Double($0)) }, expectedNanoseconds: 1e5)],
          timer: machine.timer())
      })
    #expect(Double(machine.clock.now()) <= 2.1e9)
    #expect(passes.races.allSatisfy { $0.outcome.passes.count == Passes.count })
    #expect(passes.races.allSatisfy { $0.outcome.passes.allSatisfy { !$0.isEmpty } })
  }

  // MARK: - Stopping

  @Test func stoppingLeavesWhatThereIs() {
    let (passes, order) = run([[50_000], [60_000], [70_000]], seconds: 1) { $0 >= 5 }
    #expect(order == [0, 1, 2, 0, 1])
    #expect(passes.races.map { $0.outcome.passes.count { !$0.isEmpty } } == [2, 1, 1])
    let few = passes.races[0].outcome
    let interval = MedianInterval(runToRunTimes: few.times.times(of: 0, passes: few.passes))
    #expect(interval?.isSufficient == false)
  }

  @Test func stoppingInTheFirstPassPreparesNoMore() {
    let (passes, _) = run([[50_000], [60_000]], seconds: 1) { $0 >= 1 }
    #expect(passes.races.count == 1)
    #expect(run([[50_000]], seconds: 1) { _ in true }.passes.races.isEmpty)
  }

  private struct Refused: Error {}

  @Test func whatCannotBePreparedEndsIt() {
    var passes = LadderPasses(weights: [1], clock: machine.clock)
    #expect(throws: Refused.self) {
      try passes.run(until: 1000, prepare: { (_, _) throws(Refused) in throw Refused() })
    }
  }

  // MARK: - What passes are for

  /// A machine that is 10 % slower in every second half second, for whatever runs then.
  @Test func slowPhasesAreInTheInterval() throws {
    func time() -> Double { machine.clock.now() / 500_000_000 % 2 == 0 ? 50_000 : 55_000 }
    let (first, second) = (runTimed(time), runTimed(time))
    for interval in [first, second] {
      let found = try #require(interval)
      #expect(found.isSufficient && found.low < 51_000 && found.high > 54_000)
    }
  }

  private func runTimed(_ time: @escaping () -> Double) -> MedianInterval? {
    var passes = LadderPasses(weights: [1, 1], clock: machine.clock)
    passes.run(
      until: machine.clock.now() + 6_000_000_000,
      prepare: { _, _ in
        LadderRace(
          [
            LadderRace.Rung(
              run: { machine.advance(time() * Double($0)) }, expectedNanoseconds: 50_000)
          ], timer: machine.timer())
      })
    let outcome = passes.races[0].outcome
    return MedianInterval(
      passes: outcome.times.times(of: 0, passes: outcome.passes), confidence: 0.95)
  }
}
