/// The whole network, default against tuned.
public struct NetworkResult: Sendable, Equatable {
  public var defaultMilliseconds: Double
  public var tunedMilliseconds: Double
  /// Time of the default divided by the tuned time, with its interval.
  public var ratio: Double
  public var low: Double
  public var high: Double
  public var unknown: [String: JSONValue] = [:]

  public init(
    defaultMilliseconds: Double, tunedMilliseconds: Double, ratio: Double, low: Double, high: Double
  ) {
    self.defaultMilliseconds = defaultMilliseconds
    self.tunedMilliseconds = tunedMilliseconds
    self.ratio = ratio
    self.low = low
    self.high = high
  }
}

extension NetworkResult: FileObject {
  init() {
    self.init(defaultMilliseconds: 0, tunedMilliseconds: 0, ratio: 1, low: 1, high: 1)
  }

  static let fields: [FileField<NetworkResult>] = [
    .required("default_ms", \.defaultMilliseconds, .magnitude),
    .required("tuned_ms", \.tunedMilliseconds, .magnitude),
    .required("ratio", \.ratio, .magnitude),
    .required("low", \.low, .magnitude),
    .required("high", \.high, .magnitude),
  ]
}
