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
    #expect(coverage { MedianInterval(passes: $0) } > 0.94)
    // A series without a pause that drifts is divided by itself.
    #expect(coverage { MedianInterval(series: Array($0.joined())) } > 0.94)
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
      let byPasses = PairedRatio(passes: pairs.map { $0.map { ($0.0, $0.1) } })
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

  @Test func whatIsToHoldFromRunToRunIsTheRangeOfThePassMedians() throws {
    let twelve = try #require(MedianInterval(passes: (1...12).map { [Double($0)] }))
    #expect((twelve.low, twelve.high) == (1, 12) && twelve.confidence > 0.999)
    // Fewer than eleven cannot give so much.
    let ten = try #require(MedianInterval(passes: (1...10).map { [Double($0)] }))
    #expect((ten.low, ten.high) == (2, 9) && ten.isSufficient)
    #expect(PairedRatio.repeatable(comparisons: 1, passes: 12) == 0.99)
    #expect(PairedRatio.repeatable(comparisons: 1, passes: 7) == 0.95)
  }

  @Test func tooFewPassesGiveTheRangeOfAllSamples() throws {
    let passes = (0..<5).map { pass in (0..<20).map { 100 + Double(pass) + Double($0) / 100 } }
    let interval = try #require(MedianInterval(passes: passes + [[], []]))
    #expect(!interval.isSufficient)
    #expect(interval.low == 100 && interval.high == 104.19 && interval.count == 100)
    let pairs = passes.map { $0.map { ($0, 100.0) } }
    let ratio = try #require(PairedRatio(passes: pairs))
    #expect(!ratio.isSufficient && isClose(ratio.high, 1.0419) && ratio.pairs == 100)
  }

  @Test func theMedianLiesInItsInterval() throws {
    // The only large pass has most of the samples.
    let passes = (0..<11).map { [Double($0)] } + [Array(repeating: 100, count: 50)]
    let interval = try #require(MedianInterval(passes: passes, confidence: 0.95))
    #expect(interval.median == 100 && interval.high == 100 && interval.low == 2)
  }

  @Test func nothingHasNoInterval() {
    #expect(MedianInterval(passes: []) == nil)
    #expect(MedianInterval(passes: [[], []]) == nil)
    #expect(MedianInterval(series: []) == nil)
    #expect(PairedRatio(passes: [[(1, 0)]]) == nil)
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
