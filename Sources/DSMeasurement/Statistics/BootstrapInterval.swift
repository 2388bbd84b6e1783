import DSCore

/// A confidence interval for any statistic, from resampling: the percentile method (Efron, Annals of
/// Statistics 7, 1979, doi:10.1214/aos/1176344552). Seeded, so the same sample gives the same interval.
public struct BootstrapInterval: Sendable, Equatable {
  public var estimate: Double
  public var low: Double
  public var high: Double

  /// `nil` for an empty sample.
  public init?(
    _ sample: [Double], confidence: Double = 0.95, resamples: Int = 2000, seed: UInt64 = 1,
    statistic: ([Double]) -> Double
  ) {
    precondition(confidence > 0 && confidence < 1, "confidence \(confidence)")
    precondition(resamples > 0, "\(resamples) resamples")
    guard !sample.isEmpty else { return nil }
    var generator = SeededGenerator(seed: seed)
    var resample = sample
    let estimates = (0..<resamples).map { _ in
      for index in resample.indices {
        resample[index] = sample[Int.random(in: 0..<sample.count, using: &generator)]
      }
      return statistic(resample)
    }
    guard let sorted = SortedSample(estimates) else { return nil }
    estimate = statistic(sample)
    low = sorted.quantile((1 - confidence) / 2)
    high = sorted.quantile((1 + confidence) / 2)
  }
}
