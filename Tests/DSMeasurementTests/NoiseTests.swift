import DSMeasurement
import Testing

/// Comparisons whose right answer is known, on machines that have other work: what is said must be right, and what noise may have
/// made must not be said. `Scripts/noise-test` does the same with real load.
@Suite struct NoiseTests {
  private struct Count {
    var wrong: [String] = []
    var decided = 0
    var comparisons = 0
  }

  /// The two rungs' verdict, and whether it is right for a second one that takes `factor` times as long.
  private func compare(
    _ factor: Double, _ load: LoadedMachine.Load, seed: UInt64, _ count: inout Count
  ) {
    let machine = LoadedMachine(load, seed: seed)
    let rungs = [50_000, 50_000 * factor].map { time in
      LadderRace.Rung(
        run: { machine.run(time * Double($0)) }, expectedNanoseconds: time)
    }
    var passes = LadderPasses(weights: [1], clock: machine.clock)
    passes.run(
      until: 300_000_000, prepare: { _, _ in LadderRace(rungs, timer: machine.timer, seed: seed) })
    passes.extend(
      until: machine.clock.now() + 300_000_000,
      isUndecided: { _, race in
        race.outcome.quiet.isUndecided(among: 0..<2, noiseFloor: 1)
      })
    let quiet = passes.races[0].outcome.quiet
    guard let ratio = quiet.runToRunRatio(of: 0, over: 1) else { return }
    let verdict = RatioVerdict(ratio, noiseFloor: 1)
    let right: RatioVerdict = factor == 1 ? .noDifference : .slower
    count.comparisons += 1
    if verdict == right { count.decided += 1 }
    if verdict != right && verdict != .undecided && verdict != .tooFewSamples {
      count.wrong.append("\(load) ×\(factor), seed \(seed): \(verdict) \(ratio)")
    }
    if verdict == right && ratio.isTooWide {
      count.wrong.append("\(load) ×\(factor), seed \(seed): a number from \(ratio)")
    }
  }

  @Test(arguments: LoadedMachine.Load.allCases)
  func noVerdictIsWrong(load: LoadedMachine.Load) {
    var count = Count()
    for seed in 0..<12 {
      for factor in [1, 1.15, 1.3, 8, 280] {
        compare(factor, load, seed: UInt64(seed), &count)
      }
    }
    #expect(count.wrong == [])
    #expect(count.comparisons == 60)
    if load == .idle { #expect(Double(count.decided) >= 0.95 * Double(count.comparisons)) }
    // Most of a short block fits into a slice of time: load does not leave everything open.
    if load != .streamer { #expect(count.decided >= 20, "\(count.decided)") }
  }

  // MARK: - What is left out

  private func times(_ rows: [[Double?]]) -> RaceTimes {
    var times = RaceTimes(candidates: rows.count)
    for round in rows[0].indices {
      times.append(
        rows.indices.compactMap { row in rows[row][round].map { (candidate: row, nanoseconds: $0) }
        })
    }
    return times
  }

  @Test func interruptedBlocksDoNotCount() {
    let passes = (0..<12).map { $0 * 4..<($0 + 1) * 4 }
    let own = (0..<48).map { $0 % 4 == 3 ? 500.0 : 100 + Double($0 % 3) }
    let quiet = QuietTimes(
      times([own, own]), interruptions: Array(repeating: own.map { $0 > 400 ? 2 : 0 }, count: 2),
      passes: passes)
    #expect(quiet.disturbedBlocks == [12, 12])
    #expect(quiet.nanoseconds(of: 0).allSatisfy { $0.count == 3 && $0.allSatisfy { $0 < 103 } })
    // Nobody counted: they are outliers all the same.
    let uncounted = QuietTimes(
      times([own, own]), interruptions: Array(repeating: own.map { _ in nil }, count: 2),
      passes: passes)
    #expect(uncounted.disturbedBlocks == [12, 12])
  }

  /// Long blocks lose their CPU every time: leaving them all out would leave nothing.
  @Test func blocksThatAreAlwaysInterruptedAllCount() {
    let own = (0..<12).map { 100 + Double($0 % 3) }
    let quiet = QuietTimes(
      times([own]), interruptions: [own.map { _ in 4 }], passes: (0..<12).map { $0..<$0 + 1 })
    #expect(quiet.disturbedBlocks == [0])
    #expect(quiet.nanoseconds(of: 0).joined().count == 12)
  }

  @Test func slowPassesDoNotCountForWhomTheySlowed() throws {
    let passes = (0..<12).map { $0..<$0 + 1 }
    // The last three passes slow the first candidate only.
    let slowed = (0..<12).map { $0 < 9 ? 100.0 : 160 }
    let steady = (0..<12).map { _ in 100.0 }
    let quiet = QuietTimes(
      times([slowed, steady, steady]),
      interruptions: Array(repeating: steady.map { _ in 0 }, count: 3), passes: passes)
    #expect(quiet.nanoseconds(of: 0).joined().count == 9)
    #expect(quiet.nanoseconds(of: 1).joined().count == 12)
    #expect(try #require(quiet.runToRunRatio(of: 0, over: 1)).high == 1)
    #expect(try #require(quiet.runToRunRatio(of: 2, over: 1)).pairs == 12)
    // Half of the passes are needed for an interval, however slow.
    let mostly = (0..<12).map { $0 < 4 ? 100.0 : 160 + Double($0) }
    let few = QuietTimes(
      times([mostly, steady]), interruptions: Array(repeating: steady.map { _ in 0 }, count: 2),
      passes: passes)
    #expect(few.nanoseconds(of: 0).joined().count == 6)
  }

  /// The least median is not who is faster in pairs.
  @Test func theFastestIsFoundInPairs() {
    let passes = (0..<12).map { $0 * 2..<($0 + 1) * 2 }
    let first: [Double?] = (0..<24).map { $0 < 4 ? 100 : 200 }
    // Took no part in the quick rounds.
    let second: [Double?] = (0..<24).map { $0 < 4 ? nil : 150 }
    let third: [Double?] = (0..<24).map { _ in 400 }
    let none = Array(repeating: [Int?](repeating: 0, count: 24), count: 3)
    let quiet = QuietTimes(times([first, second, third]), interruptions: none, passes: passes)
    #expect(quiet.fastest(of: 0..<3) == 1)
    #expect(quiet.fastest(of: 2..<3) == 2)
    #expect(QuietTimes(candidates: 2).fastest(of: 0..<2) == nil)
  }

  /// Twice the time at most, and none where everything is decided.
  @Test(arguments: [(LoadedMachine.Load.idle, false), (.fourLoops, true)])
  func moreTimeIsSpentOnWhatIsOpen(load: LoadedMachine.Load, isExtended: Bool) {
    let machine = LoadedMachine(load, seed: 5)
    let rung = LadderRace.Rung(
      run: { machine.run(2e7 * Double($0)) }, expectedNanoseconds: 2e7)
    var passes = LadderPasses(weights: [1], clock: machine.clock)
    passes.run(until: 500_000_000, prepare: { _, _ in LadderRace([rung], timer: machine.timer) })
    let before = machine.clock.now()
    passes.extend(
      until: before + 500_000_000,
      isUndecided: { _, race in load != .idle && race.outcome.passes.count < 20 })
    let spent = machine.clock.now() - before
    #expect(isExtended == (spent > 0))
    #expect(Double(spent) < 0.8e9)
  }
}
