/// A ratio of two times with its confidence interval.
public struct RatioInterval: Sendable, Equatable {
  public var ratio: Double
  public var low: Double
  public var high: Double
  public var unknown: [String: JSONValue]

  public init(
    ratio: Double = 1, low: Double = 1, high: Double = 1, unknown: [String: JSONValue] = [:]
  ) {
    self.ratio = ratio
    self.low = low
    self.high = high
    self.unknown = unknown
  }
}

extension RatioInterval: FileObject {
  init() { self.init(ratio: 1) }

  static let fields: [FileField<RatioInterval>] = [
    .required("ratio", \.ratio, .magnitude),
    .required("low", \.low, .magnitude),
    .required("high", \.high, .magnitude),
  ]
}
