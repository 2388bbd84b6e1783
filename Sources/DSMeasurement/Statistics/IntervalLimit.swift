/// How wide an interval may be and still have a number in it.
public enum IntervalLimit {
  /// Between its ends. What is known no better has no number, and decides nothing.
  public static let widestFactor = 2.0

  /// Whether the ends lie too far apart, of times or of their ratios.
  public static func isExceeded(low: Double, high: Double) -> Bool {
    !(low > 0 && high <= widestFactor * low)
  }
}

extension MedianInterval {
  /// Of times: whether they are known no better than to `IntervalLimit.widestFactor`.
  public var isTooWide: Bool { IntervalLimit.isExceeded(low: low, high: high) }
}

extension PairedRatio {
  /// Whether it is known no better than to `IntervalLimit.widestFactor`.
  public var isTooWide: Bool { IntervalLimit.isExceeded(low: low, high: high) }
}
