import DSCore
import DSMeasurement
import Glibc
import Testing

@Suite struct StatisticsTests {
  // MARK: - Against SciPy

  @Test func summariesAgreeWithNumPy() throws {
    for (name, fixture) in try StatisticsFixtures.samples() {
      let sample = try #require(SortedSample(fixture.sample))
      #expect(isClose(sample.median, fixture.median), "\(name)")
      #expect(isClose(sample.medianAbsoluteDeviation, fixture.mad), "\(name)")
      for quantile in fixture.quantiles {
        #expect(isClose(sample.quantile(quantile.p), quantile.value), "\(name) \(quantile.p)")
      }
    }
  }

  /// Where there are too few values SciPy gives no end; ours is then the range, and says so.
  @Test func medianIntervalsAgreeWithSciPy() throws {
    for (name, fixture) in try StatisticsFixtures.samples() {
      let sample = try #require(SortedSample(fixture.sample))
      for expected in fixture.intervals {
        let interval = MedianInterval(sample, confidence: expected.confidence)
        #expect(interval.low == expected.ends[0] ?? sample.minimum, "\(name) \(expected)")
        #expect(interval.high == expected.ends[1] ?? sample.maximum, "\(name) \(expected)")
        #expect(interval.isSufficient == !expected.ends.contains(nil), "\(name) \(expected)")
        let needed = MedianInterval.smallestCount(confidence: expected.confidence)
        #expect(interval.isSufficient == (sample.count >= needed))
      }
    }
  }

  @Test func binomialTailsAgreeWithSciPy() throws {
    for fixture in try StatisticsFixtures.binomials() {
      let tail = FairBinomial(count: fixture.count).lowerTail
      for (index, expected) in fixture.tail.enumerated() {
        #expect(isClose(tail[index * fixture.step], expected), "\(fixture.count) \(index)")
      }
    }
  }

  @Test func ranksAgreeWithSciPy() throws {
    for fixture in try StatisticsFixtures.samples().values {
      #expect(Ranks(fixture.sample).values == fixture.ranks)
    }
  }

  @Test func testsOfTwoSamplesAgreeWithSciPy() throws {
    for (name, fixture) in try StatisticsFixtures.pairs() {
      let test = MannWhitneyTest(fixture.first, fixture.second)
      #expect(isClose(test.statistic, fixture.statistic), "\(name)")
      #expect(isClose(test.pValue, fixture.pValue), "\(name)")
      #expect(test.isExact == name.hasPrefix("exact"), "\(name)")
    }
  }

  // MARK: - Against known distributions

  /// Intervals of 95 % hold the true median in at least 95 % of samples, whatever the distribution.
  @Test(arguments: [6, 9, 24, 33]) func medianIntervalsCover(count: Int) throws {
    var noise = Noise(seed: UInt64(count))
    let trials = 2000
    var covered = 0
    for _ in 0..<trials {
      let sample = try #require(SortedSample((0..<count).map { _ in noise.skewed() }))
      let interval = MedianInterval(sample)
      if interval.low <= 1, 1 <= interval.high { covered += 1 }
    }
    #expect(Double(covered) / Double(trials) > 0.94)
  }

  @Test func theRankTestHoldsItsLevelAndSeesShifts() {
    var noise = Noise(seed: 11)
    func rejections(shift: Double) -> Int {
      (0..<1000).count { _ in
        let (a, b) = (
          (0..<12).map { _ in noise.normal() }, (0..<12).map { _ in shift + noise.normal() }
        )
        return MannWhitneyTest(a, b).pValue < 0.05
      }
    }
    #expect(rejections(shift: 0) < 70)
    #expect(rejections(shift: 2) > 950)
  }

  // MARK: - Ratios

  @Test func ratiosArePairedAndSymmetric() throws {
    var noise = Noise(seed: 3)
    let drift = (0..<40).map { _ in Double.random(in: 1...10, using: &noise.generator) }
    let (slow, fast) = (drift.map { $0 * 1.03 }, drift)
    let ratio = try #require(PairedRatio(slow, over: fast))
    let inverse = try #require(PairedRatio(fast, over: slow))
    #expect(isClose(ratio.ratio, 1.03))
    #expect(isClose(ratio.ratio * inverse.ratio, 1))
    #expect(isClose(ratio.low * inverse.high, 1))
    #expect(ratio.isAbove(1.02))
    #expect(!ratio.isAbove(1.04))
    #expect(!inverse.isAbove(0.98))
    #expect(ratio.isWithin(1.04))
  }

  @Test func ratiosOfNothingOrOfZeroAreNone() {
    #expect(PairedRatio([], over: []) == nil)
    #expect(PairedRatio([1, 0], over: [1, 1]) == nil)
    #expect(PairedRatio([1], over: [1])?.isSufficient == false)
  }

  @Test func widening() {
    #expect(isClose(PairedRatio.widened(confidence: 0.95, comparisons: 1), 0.95))
    let single = PairedRatio.widened(confidence: 0.95, comparisons: 10)
    #expect(isClose((0..<10).reduce(1) { product, _ in product * single }, 0.95))
    #expect(PairedRatio.widened(confidence: 0.95, comparisons: 0) == 0.95)
  }

  @Test func noiseFloorIsTheFartherEndAndNeverBelowOne() throws {
    let times = (0..<24).map { 100 + Double($0 % 5) }
    let floor = try #require(PairedRatio(times, over: times.reversed()).flatMap { NoiseFloor($0) })
    #expect(floor.ratio > 1)
    #expect(floor.ratio <= 1.04)
    #expect(PairedRatio(times, over: times).flatMap { NoiseFloor($0) }?.ratio == 1)
    #expect(PairedRatio([1, 2], over: [1, 2]).flatMap { NoiseFloor($0) } == nil)
  }

  // MARK: - Outliers and edges

  @Test func outliersAreScoredInTheOrderOfTheSample() {
    let scores = ModifiedZScores([10, 11, 12, 13, 500, 11, 12])
    #expect(scores.outlierCount() == 1)
    #expect(scores.scores.firstIndex(of: scores.scores.max() ?? 0) == 4)
    #expect(isClose(scores.scores[1], -1 / 1.4826))
    #expect(ModifiedZScores([5, 5, 5]).scores == [0, 0, 0])
    #expect(ModifiedZScores([]).scores.isEmpty)
    #expect(ModifiedZScores(Array(repeating: 5, count: 30) + [50]).outlierCount() == 1)
  }

  @Test func samplesWithoutOrderAreNone() {
    #expect(SortedSample([Double]()) == nil)
    #expect(SortedSample([1, .nan]) == nil)
  }

  @Test func equalSamplesDoNotDiffer() {
    #expect(MannWhitneyTest([5, 5, 5], [5, 5]).pValue == 1)
    #expect(
      MannWhitneyTest(Array(1...20).map(Double.init), Array(1...20).map(Double.init)).pValue > 0.98)
  }

  // MARK: - What a ratio says

  private func interval(_ low: Double, _ high: Double, passes: Int = 12) -> PairedRatio? {
    // The range of passes' medians is stretched three times.
    let middle = (low * high).squareRoot()
    let ends = [pow(low / middle, 1 / 3), pow(high / middle, 1 / 3)].map { $0 * middle }
    let medians = ends + Array(repeating: middle, count: passes - 2)
    return PairedRatio(runToRun: medians.map { [($0, 1)] })
  }

  @Test(arguments: [
    (1.2, 1.4, RatioVerdict.faster), (0.6, 0.8, .slower), (0.99, 1.01, .noDifference),
    (0.95, 1.09, .noDifference), (1.0, 1.005, .noDifference),
    // Neither a difference nor none.
    (0.9, 1.2, .undecided), (0.7, 1.05, .undecided), (0.99, 1.5, .undecided),
    // No better known than to a factor of two.
    (0.5, 1.01, .undecided), (2.5, 6, .undecided), (0.001, 0.01, .undecided),
    (0.0030, 0.0036, .slower), (250, 310, .faster),
  ])
  func verdictsSayWhatTheIntervalDoes(low: Double, high: Double, verdict: RatioVerdict) throws {
    let ratio = try #require(interval(low, high))
    #expect(isClose(ratio.low, low, tolerance: 1e-6) && isClose(ratio.high, high, tolerance: 1e-6))
    #expect(RatioVerdict(ratio, noiseFloor: 1) == verdict)
    #expect((Indecision(speed: ratio, noiseFloor: 1) != nil) == (verdict == .undecided))
    #expect(ratio.isTooWide == (high > 2 * low))
  }

  @Test func indecisionSaysTheEnds() throws {
    let times = try #require(MedianInterval(runToRunTimes: [[1909.2], [60082]]))
    #expect(times.isTooWide)
    #expect(
      Indecision(time: times, unit: "µs")?.description
        == "the time lies between 1909 and 60082 µs, more than a factor of two")
    #expect(
      Indecision(speed: try #require(interval(0.9, 1.25)), noiseFloor: 1)?.description
        == "the speed lies between 0.9 and 1.25 ×: neither a difference nor none is shown")
    let steady = try #require(MedianInterval(runToRunTimes: [[100], [199]]))
    #expect(!steady.isTooWide && Indecision(time: steady, unit: "µs") == nil)
  }
}
