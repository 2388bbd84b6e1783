/// Why a row has no number or no verdict, as a sentence for people.
public struct Indecision: Sendable, Equatable, CustomStringConvertible {
  public enum Subject: String, Sendable {
    case time
    case speed
    case change
  }

  public let subject: Subject
  /// The ends of the interval.
  public let low: Double
  public let high: Double
  /// What follows a number: "µs", "×".
  public let unit: String

  /// `nil` where the time is known well enough for a number.
  public init?(time: MedianInterval, unit: String) {
    guard time.isTooWide else { return nil }
    (subject, low, high, self.unit) = (.time, time.low, time.high, unit)
  }

  /// `nil` where the ratio is known well enough for a number, whatever it decides.
  public init?(width ratio: PairedRatio) {
    guard ratio.isTooWide else { return nil }
    (subject, low, high, unit) = (.speed, ratio.low, ratio.high, "×")
  }

  /// `nil` where the ratio decides, or has too few samples to say anything.
  public init?(speed: PairedRatio, noiseFloor: Double) {
    guard RatioVerdict(speed, noiseFloor: noiseFloor) == .undecided else { return nil }
    (subject, low, high, unit) = (.speed, speed.low, speed.high, "×")
  }

  /// Of a change that has been found to be open.
  public init(change ends: (low: Double, high: Double)) {
    (subject, low, high, unit) = (.change, ends.low, ends.high, "×")
  }

  public var description: String {
    let range =
      "the \(subject.rawValue) lies between \(Self.text(low)) and \(Self.text(high)) \(unit)"
    return IntervalLimit.isExceeded(low: low, high: high)
      ? "\(range), more than a factor of two" : "\(range): neither a difference nor none is shown"
  }

  /// Three significant digits.
  private static func text(_ value: Double) -> String {
    var scale = 1.0
    while value.magnitude * scale < 100, scale < 1e9 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && rounded.magnitude < 1e15
      ? "\(Int(rounded))" : "\(rounded)"
  }
}
