/// How far each value lies from the median, in robust standard deviations (Iglewicz and Hoaglin,
/// How to Detect and Handle Outliers, ASQC 1993).
public struct ModifiedZScores: Sendable, Equatable {
  /// MAD × this estimates the standard deviation of normal values.
  static let normalConsistency = 1.4826
  /// Times have a long right tail by nature: the usual 3.5 would find outliers in every sample.
  public static let timingThreshold = 10.0

  /// In the order of the sample.
  public let scores: [Double]

  public init(_ sample: [Double]) {
    guard let sorted = SortedSample(sample) else {
      scores = sample.map { _ in 0 }
      return
    }
    let median = sorted.median
    var scale = Self.normalConsistency * sorted.medianAbsoluteDeviation
    if scale == 0 {
      // More than half of the values are equal: the mean distance still tells something.
      let distances = sample.map { ($0 - median).magnitude }
      scale = 1.253314 * distances.reduce(0, +) / Double(sample.count)
    }
    scores = sample.map { scale > 0 ? ($0 - median) / scale : 0 }
  }

  public func outlierCount(beyond threshold: Double = timingThreshold) -> Int {
    scores.count { $0.magnitude > threshold }
  }
}
