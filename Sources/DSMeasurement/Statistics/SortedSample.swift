/// A sample in ascending order, for everything that order decides. Never empty.
public struct SortedSample: Sendable, Equatable {
  public let values: [Double]

  /// `nil` for an empty sample and for one with a value that is no number.
  public init?(_ values: some Sequence<Double>) {
    let sorted = values.sorted()
    guard !sorted.isEmpty, sorted.allSatisfy({ !$0.isNaN }) else { return nil }
    self.values = sorted
  }

  public var count: Int { values.count }
  public var minimum: Double { values[0] }
  public var maximum: Double { values[count - 1] }
  public var median: Double { quantile(0.5) }

  /// Linear interpolation between order statistics, type 7 of Hyndman and Fan (The American
  /// Statistician 50(4), 1996, doi:10.1080/00031305.1996.10473566), as NumPy does by default.
  public func quantile(_ probability: Double) -> Double {
    precondition((0...1).contains(probability), "quantile \(probability)")
    let position = Double(count - 1) * probability
    let index = Int(position)
    guard index + 1 < count else { return maximum }
    let fraction = position - Double(index)
    return values[index] + fraction * (values[index + 1] - values[index])
  }

  /// The median distance from the median; times 1.4826 it estimates a normal standard deviation.
  public var medianAbsoluteDeviation: Double {
    let center = median
    return SortedSample(values.map { ($0 - center).magnitude })?.median ?? 0
  }
}
