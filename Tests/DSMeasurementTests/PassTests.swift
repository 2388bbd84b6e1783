import DSMeasurement
import Glibc
import Testing

/// Intervals that take passes for independent, and not the samples in them.
@Suite struct PassTests {
  /// Passes whose samples share a slowness of 5 %, with 0.5 % of noise of their own, around 1.
  private func passes(_ noise: inout Noise, count: Int = Passes.count) -> [[Double]] {
    (0..<count).map { _ in
      let shared = noise.skewed(spread: 0.05)
      return (0..<20).map { _ in shared * noise.skewed(spread: 0.005) }
    }
  }

  private func coverage(_ interval: ([[Double]]) -> MedianInterval?) -> Double {
    var noise = Noise(seed: 5)
    let trials = 1000
    let covered = (0..<trials).count { _ in
      interval(passes(&noise)).map { $0.low <= 1 && 1 <= $0.high } ?? false
    }
    return Double(covered) / Double(trials)
  }

  @Test func intervalsOverPassesCoverWhereThoseOverSamplesDoNot() {
    #expect(coverage { MedianInterval(passes: $0, confidence: 0.95) } > 0.94)
    #expect(coverage { SortedSample($0.joined()).map { MedianInterval($0) } } < 0.6)
  }

  @Test func ratiosOfPassesCoverToo() {
    var noise = Noise(seed: 6)
    let trials = 500
    var covered = (passes: 0, pairs: 0)
    for _ in 0..<trials {
      // What a pass does to one of the two alone does not cancel.
      let (first, second) = (passes(&noise), passes(&noise))
      let pairs = zip(first, second).map { Array(zip($0, $1)) }
      let byPasses = PairedRatio(
        passes: pairs.map { $0.map { ($0.0, $0.1) } }, confidence: 0.95)
      let byPairs = PairedRatio(Array(first.joined()), over: Array(second.joined()))
      if let ratio = byPasses, ratio.low <= 1, 1 <= ratio.high { covered.passes += 1 }
      if let ratio = byPairs, ratio.low <= 1, 1 <= ratio.high { covered.pairs += 1 }
    }
    #expect(Double(covered.passes) / Double(trials) > 0.94)
    #expect(Double(covered.pairs) / Double(trials) < 0.6)
  }

  @Test func endsAreTheSignTestsOfThePassMedians() throws {
    let medians = (1...12).map(Double.init)
    let interval = try #require(
      MedianInterval(
        passes: medians.map { [$0 + 0.25, $0, $0 - 0.25] }, confidence: 0.95))
    let plain = MedianInterval(try #require(SortedSample(medians)))
    #expect((interval.low, interval.high) == (plain.low, plain.high))
    #expect(interval.confidence == plain.confidence && interval.isSufficient)
    #expect(interval.count == 36 && interval.median == 6.5)
  }

  /// Nine passes are needed where eleven comparisons are to hold together: there are more.
  @Test func passesSufficeForALadder() {
    let confidence = PairedRatio.widened(confidence: 0.95, comparisons: 11)
    #expect(MedianInterval.smallestCount(confidence: confidence) == 9)
    #expect(Passes.count >= 9)
  }

  /// Runs whose phases outlast them: each is slow or fast as a whole, by as much as its passes are among themselves.
  @Test func runToRunIntervalsHaveAnotherRunsMedianDespiteDrift() throws {
    var noise = Noise(seed: 7)
    let trials = 1000
    func run() -> [[Double]] {
      let phase = noise.skewed(spread: 0.05)
      return passes(&noise).map { $0.map { $0 * phase } }
    }
    var covered = (allowed: 0, ranges: 0)
    for _ in 0..<trials {
      let (first, second) = (run(), run())
      let other = try #require(MedianInterval(runToRunTimes: second)).median
      // A series without a pause is divided by itself.
      let allowed = try #require(MedianInterval(runToRunTimes: Array(first.joined())))
      let range = try #require(MedianInterval(passes: first, confidence: 0.999))
      if allowed.low <= other, other <= allowed.high { covered.allowed += 1 }
      if range.low <= other, other <= range.high { covered.ranges += 1 }
    }
    #expect(Double(covered.allowed) / Double(trials) > 0.95)
    #expect(Double(covered.ranges) / Double(trials) < 0.85)
  }

  @Test func runToRunIntervalsAreThePassesRangeStretched() throws {
    let times = try #require(
      MedianInterval(runToRunTimes: [100, 101, 99, 102, 100, 100].map { [$0] }))
    #expect(times.median == 100 && times.isSufficient && times.count == 6)
    #expect(isClose(times.low, 97.0299) && isClose(times.high, 106.1208))
    let ratio = try #require(
      PairedRatio(runToRun: [100, 101, 99, 102, 100, 100].map { [($0, 200.0)] }))
    #expect(isClose(ratio.ratio, 0.5) && isClose(ratio.low, 0.4851495))
    #expect(isClose(ratio.high, 0.530604) && ratio.confidence > 0.95)
    // Never through zero.
    let wide = try #require(MedianInterval(runToRunTimes: (1...12).map { [Double($0)] }))
    #expect(wide.low > 0)
    #expect(MedianInterval(runToRunTimes: [[1, 0]]) == nil)
  }

  @Test func tooFewPassesGiveTheRangeOfAllSamples() throws {
    let passes = (0..<5).map { pass in (0..<20).map { 100 + Double(pass) + Double($0) / 100 } }
    let interval = try #require(MedianInterval(runToRunTimes: passes + [[], []]))
    #expect(!interval.isSufficient)
    #expect(interval.low == 100 && interval.high == 104.19 && interval.count == 100)
    let pairs = passes.map { $0.map { ($0, 100.0) } }
    let ratio = try #require(PairedRatio(runToRun: pairs))
    #expect(!ratio.isSufficient && isClose(ratio.high, 1.0419) && ratio.pairs == 100)
  }

  @Test func theMedianLiesInItsInterval() throws {
    // The only large pass has most of the samples.
    let passes = (0..<11).map { [Double($0)] } + [Array(repeating: 100, count: 50)]
    let interval = try #require(MedianInterval(passes: passes, confidence: 0.95))
    #expect(interval.median == 100 && interval.high == 100 && interval.low == 2)
  }

  @Test func nothingHasNoInterval() {
    #expect(MedianInterval(passes: [], confidence: 0.95) == nil)
    #expect(MedianInterval(runToRunTimes: [[Double](), []]) == nil)
    #expect(MedianInterval(runToRunTimes: [Double]()) == nil)
    #expect(PairedRatio(runToRun: [[(1, 0)]]) == nil)
  }

  @Test(arguments: [0, 1, 5, 12, 13, 40, 1000]) func seriesAreDividedEvenly(samples: Int) {
    let parts = Passes.consecutive(samples: samples)
    #expect(parts.flatMap { Array($0) } == Array(0..<samples))
    #expect(parts.count == min(samples, Passes.count))
    let sizes = parts.map(\.count)
    #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
  }

  @Test func sizesHaveToFit() {
    #expect(Passes.groups([1, 2, 3], sizes: [1, 0, 2]) == [[1], [], [2, 3]])
    #expect(Passes.groups([], sizes: []) == [])
    for sizes in [[1, 1], [2, 2], [-1, 4], []] {
      #expect(Passes.groups([1, 2, 3], sizes: sizes) == nil, "\(sizes)")
    }
  }
}
