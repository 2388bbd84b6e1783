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
  /// The confidence the interval really has: at least the one asked for where `isSufficient`.
  public var confidence: Double
  /// Whether there are values enough for the confidence asked for. If not, the interval is the whole
  /// range, and has less.
  public var isSufficient: Bool

  /// Of intervals that are compared with another process's median, which errs as well: 99.9 %, which eleven passes can
  /// give, as the range of their medians; with fewer 95 %.
  ///
  /// It does not cover what drifts between processes (clock rate, neighbours): on a virtual machine with Zen 5 another median
  /// lay in 64 % of these intervals, as it had in 64 % of those of 95 % on another day with Zen 4 (`Scripts/benchmark-coverage`).
  static func repeatableConfidence(passes: Int) -> Double {
    passes >= smallestCount(confidence: 0.999) ? 0.999 : 0.95
  }

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
  /// - Parameter confidence: `nil` for that of `repeatableConfidence`.
  /// - Returns: `nil` without values, or where one is no number.
  public init?(passes: [[Double]], confidence: Double? = nil) {
    guard let all = SortedSample(passes.joined()),
      let medians = SortedSample(passes.compactMap { SortedSample($0)?.median })
    else { return nil }
    self.init(
      medians,
      confidence: confidence ?? Self.repeatableConfidence(passes: medians.values.count))
    median = all.median
    low = isSufficient ? min(low, median) : all.minimum
    high = isSufficient ? max(high, median) : all.maximum
    count = all.count
  }

  /// The same of a series without a pause, which is divided into passes after the fact.
  public init?(series: [Double]) {
    let passes = Passes.consecutive(samples: series.count).map { Array(series[$0]) }
    self.init(passes: passes)
  }

  /// Values needed before an interval can have this confidence: 2 · 2⁻ⁿ ≤ 1 − confidence.
  public static func smallestCount(confidence: Double) -> Int {
    Int((1 - log2(1 - confidence)).rounded(.up))
  }
}
