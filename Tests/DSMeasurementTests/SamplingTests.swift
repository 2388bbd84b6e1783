import DSCore
import DSMeasurement
import Synchronization
import Testing

@Suite struct SamplingTests {
  @Test func theClockIsMeasured() {
    let clock = Clock.monotonic
    #expect(clock.resolutionNanoseconds >= 1)
    let first = clock.now()
    #expect(clock.now() >= first)
  }

  @Test(arguments: [10.0, 3_000, 150_000, 5_000_000]) func blocksAreLongEnough(
    runNanoseconds: Double
  ) {
    let machine = SimulatedMachine()
    let calibration = BlockCalibration(clock: machine.clock) {
      machine.advance(Double($0) * runNanoseconds)
    }
    #expect(calibration.blockNanoseconds >= BlockCalibration.shortestNanoseconds)
    #expect(
      calibration.iterations == 1
        || Double(calibration.iterations) * runNanoseconds < 12
          * BlockCalibration.shortestNanoseconds
    )
  }

  @Test func coarseClocksNeedLongerBlocks() {
    let machine = SimulatedMachine()
    let coarse = Clock(resolutionNanoseconds: 4000, now: machine.clock.now)
    let calibration = BlockCalibration(clock: coarse) { machine.advance(Double($0) * 1000) }
    #expect(calibration.blockNanoseconds >= 4_000_000)
  }

  @Test func calibrationEndsWhereNothingTakesTime() {
    let machine = SimulatedMachine()
    let calibration = BlockCalibration(clock: machine.clock, maximumIterations: 1000) { _ in
      machine.advance(1)
    }
    #expect(calibration.iterations == 1000)
  }

  /// Of readings one after the other, and then the last one for ever.
  private func clock(_ readings: [UInt64]) -> Clock {
    let next = Mutex(0)
    return .measured(readings: 4) {
      next.withLock { next in
        defer { next += 1 }
        return readings[min(next, readings.count - 1)]
      }
    }
  }

  @Test(
    arguments: [
      ([5], .stands), ([9, 8, 7, 6, 5, 4, 3], .stands), ([5, 6, 5, 6, 7, 8], .runsBackwards),
      ([0, 0, 0, 0, 0, 4_000_000, 4_000_000, 8_000_000], .coarse(nanoseconds: 4_000_000)),
      ([0, 100_000, 200_000], nil), ([0, 1, 2, 3, 4, 5], nil),
    ] as [([UInt64], ClockDefect?)])
  func clocksThatCannotTimeAreNamed(readings: [UInt64], defect: ClockDefect?) {
    var found: ClockDefect?
    do { try clock(readings).expectFit() } catch { found = error }
    #expect(found == defect)
    #expect(found.map { $0.description.contains("nothing can be timed") } != false)
  }

  @Test func clocksThatStandEndEveryCalibration() {
    let stands = clock([5])
    var runs = 0
    _ = BlockCalibration(clock: stands) { runs += $0 }
    WarmUp(clock: stands, iterations: 1) { runs += $0 }
    #expect(runs < 100)
    #expect(ClockRate.measured(clock: stands) > 0)
  }

  @Test func clocksThatGoBackTrapNowhere() {
    let back = clock([5, 6, 7, 8, 9, 1_000_000, 900_000, 10, 5, 4, 3, 2, 1, 0])
    #expect(
      BlockTimer(clock: back, clockRate: nil).time(iterations: 1) { _ in }.elapsedNanoseconds > 0)
    #expect(
      BlockTimer(clock: back, clockRate: nil).time(iterations: 1) { _ in }.elapsedNanoseconds == 1)
    var runs = 0
    _ = BlockCalibration(clock: back) { runs += $0 }
    #expect(runs < 100)
  }

  @Test func calibrationAndWarmUpStopWhenAsked() {
    let machine = SimulatedMachine()
    var runs = 0
    func run(_ count: Int) {
      runs += count
      machine.advance(1000 / Double(runs))
    }
    _ = BlockCalibration(clock: machine.clock, shouldStop: { runs >= 5 }, run: run)
    #expect((5...20).contains(runs))
    runs = 0
    #expect(
      WarmUp(clock: machine.clock, iterations: 1, shouldStop: { runs >= 5 }, run: run).blocks == 5)
  }

  @Test func warmingUpEndsWhenTimesSettle() {
    let machine = SimulatedMachine()
    var block = 0
    let warmUp = WarmUp(clock: machine.clock, iterations: 1) { _ in
      machine.advance(block < 5 ? Double(1000 - 100 * block) : 500)
      block += 1
    }
    #expect(warmUp.blocks == 9)

    var time = 1e6
    let endless = WarmUp(clock: machine.clock, iterations: 1, maximumBlocks: 10) { _ in
      time *= 0.9
      machine.advance(time)
    }
    #expect(endless.blocks == 10)
  }

  @Test func blocksRecordWhatHappened() {
    let timer = BlockTimer(clockRate: nil)
    var sum = 0
    let block = timer.time(candidate: 3, round: 2, iterations: 4) { for i in 0..<$0 { sum += i } }
    #expect(sum == 6)
    #expect((block.candidate, block.round, block.iterations) == (3, 2, 4))
    #expect(block.nanosecondsPerRun * 4 == Double(block.elapsedNanoseconds))
    #expect(block.cpuBefore >= 0)
    #expect(block.minorFaults >= 0)
    #expect(block.counters == nil)
  }

  /// From a clock that is told how long the chain takes: no speed of this machine is asserted.
  @Test func theClockRateIsThatOfTheFastestTry() {
    let readings = Mutex([0, 40_000, 50_000, 70_000, 80_000, 110_000] as [UInt64])
    let clock = Clock { readings.withLock { $0.removeFirst() } }
    // 10 000 steps in 20 µs.
    #expect(ClockRate.measured(clock: clock) == 0.5)
  }

  @Test func noiseFloorAlternatesTheOrder() throws {
    let machine = SimulatedMachine()
    var calls = 0
    // Whoever comes second in a round is always 5 % slower; that must not become a difference.
    let floor = try #require(
      NoiseFloor(timer: machine.timer(), iterations: 1) { _, _ in
        machine.advance(calls % 2 == 0 ? 1000 : 1050)
        calls += 1
      })
    #expect((1.0...1.051).contains(floor.ratio))
    #expect(calls == 48)
  }

  /// Two copies of which one is always slower: where a thing lies is part of the noise.
  @Test func noiseFloorSeesThatCopiesDiffer() throws {
    let machine = SimulatedMachine()
    let floor = try #require(
      NoiseFloor(timer: machine.timer(), iterations: 1) { copy, _ in
        machine.advance(copy == 0 ? 1000 : 1030)
      })
    #expect((1.029...1.031).contains(floor.ratio))
  }

  @Test func noiseFloorDoesNotTimeThePreparation() throws {
    let machine = SimulatedMachine()
    var prepared: [Int] = []
    let floor = try #require(
      NoiseFloor(
        timer: machine.timer(), iterations: 1,
        prepare: { copy in
          prepared.append(copy)
          machine.advance(copy == 0 ? 10 : 500)
        }
      ) { copy, _ in machine.advance(prepared.last == copy ? 1000 : 2000) })
    #expect(floor.ratio == 1)
    #expect(prepared.count == 48)
  }

  @Test func noiseFloorStopsWhenAsked() {
    let machine = SimulatedMachine()
    for rounds in 0..<12 {
      var calls = 0
      let floor = NoiseFloor(
        timer: machine.timer(), iterations: 1, rounds: 150, shouldStop: { calls >= 2 * rounds }
      ) { _, _ in
        machine.advance(1000)
        calls += 1
      }
      #expect(calls == 2 * rounds)
      // The pair that was under way does not count: its block may have been cut short.
      #expect((floor != nil) == (rounds >= 7))
    }
  }

  @Test func theFlusherWalksTwiceTheLastCache() throws {
    let machine = MachineDescription(
      cpu: "c", instructionSet: .baseline, cores: 1, processingUnits: 1,
      caches: [.init(level: 1, byteCount: 32 << 10), .init(level: 2, byteCount: 3 << 20)])
    let flusher = try CacheFlusher(machine: machine)
    #expect(flusher.byteCount == 6 << 20)
    flusher.flush()
    flusher.flush()
  }
}
