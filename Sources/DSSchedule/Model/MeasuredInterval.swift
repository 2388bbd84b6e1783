/// A median time in microseconds with its confidence interval.
public struct MeasuredInterval: Sendable, Equatable {
  public var median: Double
  public var low: Double
  public var high: Double
  /// Timed blocks behind it; 0 for a prediction.
  public var samples: Int
  public var unknown: [String: JSONValue]

  public init(
    median: Double = 0, low: Double = 0, high: Double = 0, samples: Int = 0,
    unknown: [String: JSONValue] = [:]
  ) {
    self.median = median
    self.low = low
    self.high = high
    self.samples = samples
    self.unknown = unknown
  }

  public func overlaps(_ other: MeasuredInterval) -> Bool { low <= other.high && other.low <= high }
}

extension MeasuredInterval: FileObject {
  init() { self.init(median: 0) }

  static let fields: [FileField<MeasuredInterval>] = [
    .required("median", \.median, .magnitude),
    .required("low", \.low, .magnitude),
    .required("high", \.high, .magnitude),
    .required("samples", \.samples, .integer(atLeast: 0)),
  ]
}
