import Glibc

/// A median with a confidence interval that assumes nothing about the distribution.
///
/// Its ends are order statistics; whether a value lies below the true median is the throw of a fair coin,
/// which is the sign test turned round (Dixon and Mood, JASA 41, 1946,
/// doi:10.1080/01621459.1946.10501898).
public struct MedianInterval: Sendable, Equatable {
  public var median: Double
  public var low: Double
  public var high: Double
  /// Values behind it.
  public var count: Int
  /// The confidence the interval really has: at least the one asked for where `isSufficient`. Of a run-to-run interval it is that
  /// of the passes' range for the median of this run.
  public var confidence: Double
  /// Whether there are values enough for the confidence asked for. If not, the interval is the whole
  /// range, and has less.
  public var isSufficient: Bool

  /// How much farther from the median than the passes' range another run's median may lie.
  ///
  /// A shared machine's phases outlast a measurement, so that runs differ by more than the passes of one of them tell. On a virtual
  /// machine with Zen 5 (twelve runs of 14 s, ordered pairs) the range itself has another run's median in 67 % of cases, twice as
  /// much in 88, three times in 94; Student's interval for one more pass at 99.9 % would be as wide and have it in 91.
  static let driftAllowance = 3.0

  public init(_ sample: SortedSample, confidence wanted: Double = 0.95) {
    precondition(wanted > 0 && wanted < 1, "confidence \(wanted)")
    let tail = FairBinomial(count: sample.count).lowerTail
    // The narrowest interval whose two tails together have at most 1 − confidence.
    let inner = tail.lastIndex { 2 * $0 <= 1 - wanted } ?? 0
    median = sample.median
    low = sample.values[inner]
    high = sample.values[sample.count - 1 - inner]
    count = sample.count
    confidence = max(0, 1 - 2 * tail[inner])
    isSufficient = confidence >= wanted
  }

  /// The median of all values, with the interval of the passes' medians: values of a pass share what slowed
  /// them and do not count as independent. Passes without values are left out.
  ///
  /// Where there are too few passes for the confidence, the interval is the range of all values. Otherwise it
  /// is stretched to the median of all values where that lies outside, as it may with unequal passes.
  ///
  /// - Returns: `nil` without values, or where one is no number.
  public init?(passes: [[Double]], confidence: Double) {
    guard let all = SortedSample(passes.joined()),
      let medians = SortedSample(passes.compactMap { SortedSample($0)?.median })
    else { return nil }
    self.init(medians, confidence: confidence)
    median = all.median
    low = isSufficient ? min(low, median) : all.minimum
    high = isSufficient ? max(high, median) : all.maximum
    count = all.count
  }

  /// The median of all values, with the interval in which another run's median is expected: the range of the passes' medians,
  /// with `driftAllowance`. Values may be negative, as logarithms are.
  ///
  /// With fewer than six passes it is the range of all values, and not sufficient.
  ///
  /// - Returns: `nil` without values, or where one is no number.
  init?(runToRun passes: [[Double]]) {
    self.init(passes: passes, confidence: 0.95)
    guard isSufficient else { return }
    let medians = passes.compactMap { SortedSample($0)?.median }
    let (least, most) = (medians.min() ?? median, medians.max() ?? median)
    low = median - Self.driftAllowance * max(0, median - least)
    high = median + Self.driftAllowance * max(0, most - median)
    confidence = max(0, 1 - pow(2, 1 - Double(medians.count)))
  }

  /// The same of times, which are positive, and whose ratios matter.
  public init?(runToRunTimes passes: [[Double]]) {
    guard passes.joined().allSatisfy({ $0 > 0 }), let all = SortedSample(passes.joined()),
      let logarithms = Self(runToRun: passes.map { $0.map { log($0) } })
    else { return nil }
    self = logarithms
    median = all.median
    low = isSufficient ? min(exp(logarithms.low), median) : all.minimum
    high = isSufficient ? max(exp(logarithms.high), median) : all.maximum
  }

  /// The same of times in a series without a pause, which is divided into passes after the fact.
  public init?(runToRunTimes series: [Double]) {
    let passes = Passes.consecutive(samples: series.count).map { Array(series[$0]) }
    self.init(runToRunTimes: passes)
  }

  /// Values needed before an interval can have this confidence: 2 · 2⁻ⁿ ≤ 1 − confidence.
  public static func smallestCount(confidence: Double) -> Int {
    Int((1 - log2(1 - confidence)).rounded(.up))
  }
}
