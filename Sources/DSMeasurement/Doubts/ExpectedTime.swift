/// A time that was measured before, to compare new readings with.
public struct ExpectedTime: Sendable {
  public let microseconds: Double

  /// The factor, up or down, within which a reading still agrees; above 1.
  public let tolerance: Double

  public init(microseconds: Double, tolerance: Double) {
    precondition(tolerance > 1, "a tolerance of \(tolerance) lets nothing agree")
    self.microseconds = microseconds
    self.tolerance = tolerance
  }

  /// Whether a reading lies within the tolerance.
  public func agrees(_ readingMicroseconds: Double) -> Bool {
    let ratio = readingMicroseconds / microseconds
    return ratio <= tolerance && ratio >= 1 / tolerance
  }

  /// Reads until a reading agrees or `attempts` are spent, and gives the one that is off by the smallest factor.
  ///
  /// A virtual machine whose core was taken away for a moment ran 8 µs of work in 0.5 ms, 62 times what was expected,
  /// and in 0.6 to 1.2 times when it was asked again: only what is off each time is off.
  public func nearestReading(attempts: Int, _ readMicroseconds: (_ attempt: Int) -> Double)
    -> Double
  {
    precondition(attempts > 0, "\(attempts) attempts read nothing")
    var nearest = readMicroseconds(0)
    for attempt in 1..<attempts {
      if agrees(nearest) { break }
      let reading = readMicroseconds(attempt)
      if distance(reading) < distance(nearest) { nearest = reading }
    }
    return nearest
  }

  /// How many times too long or too short, from 1.
  private func distance(_ readingMicroseconds: Double) -> Double {
    max(readingMicroseconds / microseconds, microseconds / readingMicroseconds)
  }
}
