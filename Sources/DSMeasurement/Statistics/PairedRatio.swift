import Glibc

/// The median ratio of times measured side by side, with its sign-test interval.
///
/// Ratios are averaged as logarithms, so that exchanging the two only changes the sign. Whatever slows
/// both measurements of a pair (frequency, temperature, neighbours) cancels.
public struct PairedRatio: Sendable, Equatable {
  public var ratio: Double
  public var low: Double
  public var high: Double
  public var pairs: Int
  public var confidence: Double
  /// See `MedianInterval.isSufficient`.
  public var isSufficient: Bool

  /// `nil` without pairs, or where a time is not positive.
  public init?(
    _ numerators: [Double], over denominators: [Double], confidence: Double = 0.95
  ) {
    precondition(
      numerators.count == denominators.count,
      "\(numerators.count) numerators, \(denominators.count) denominators")
    let logarithms = zip(numerators, denominators).map { log($0) - log($1) }
    guard logarithms.allSatisfy(\.isFinite), let sample = SortedSample(logarithms) else {
      return nil
    }
    self.init(logarithms: MedianInterval(sample, confidence: confidence))
  }

  /// The median of all pairs, with the interval of the passes' medians; see `MedianInterval.init(passes:confidence:)`.
  ///
  /// - Returns: `nil` without pairs, or where a time is not positive.
  public init?(
    passes: [[(numerator: Double, denominator: Double)]], confidence: Double
  ) {
    let logarithms = passes.map { pass in pass.map { log($0.numerator) - log($0.denominator) } }
    guard logarithms.joined().allSatisfy(\.isFinite),
      let interval = MedianInterval(passes: logarithms, confidence: confidence)
    else { return nil }
    self.init(logarithms: interval)
  }

  /// The median of all pairs, with the interval in which another run's is expected; see `MedianInterval.init(runToRun:)`.
  ///
  /// - Returns: `nil` without pairs, or where a time is not positive.
  public init?(runToRun passes: [[(numerator: Double, denominator: Double)]]) {
    let logarithms = passes.map { pass in pass.map { log($0.numerator) - log($0.denominator) } }
    guard logarithms.joined().allSatisfy(\.isFinite),
      let interval = MedianInterval(runToRun: logarithms)
    else { return nil }
    self.init(logarithms: interval)
  }

  private init(logarithms interval: MedianInterval) {
    ratio = exp(interval.median)
    low = exp(interval.low)
    high = exp(interval.high)
    pairs = interval.count
    confidence = interval.confidence
    isSufficient = interval.isSufficient
  }

  /// The confidence each of `comparisons` intervals needs so that all hold together with `confidence`
  /// (Šidák, JASA 62, 1967, doi:10.1080/01621459.1967.10482935).
  public static func widened(confidence: Double, comparisons: Int) -> Double {
    pow(confidence, 1 / Double(max(comparisons, 1)))
  }

  /// Whether the whole interval lies above `factor`.
  public func isAbove(_ factor: Double) -> Bool { isSufficient && low > factor }

  /// Whether the whole interval lies between 1/`factor` and `factor`.
  public func isWithin(_ factor: Double) -> Bool {
    isSufficient && low > 1 / factor && high < factor
  }
}
