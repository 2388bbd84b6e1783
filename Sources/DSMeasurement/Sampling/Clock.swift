import CSystem

/// A source of time with what is known of its grain.
public struct Clock: Sendable {
  /// Nanoseconds since some fixed moment.
  public let now: @Sendable () -> UInt64
  /// The smallest step the clock was seen to make.
  public let resolutionNanoseconds: Double

  public init(
    resolutionNanoseconds: Double = 1, now: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.resolutionNanoseconds = resolutionNanoseconds
  }

  /// Measures the resolution by reading the clock `readings` times in a row.
  public static func measured(
    readings: Int = 2000, now: @escaping @Sendable () -> UInt64
  ) -> Clock {
    precondition(readings > 0, "\(readings) readings")
    var (last, step) = (now(), UInt64.max)
    for _ in 0..<readings {
      let time = now()
      if time > last { step = min(step, time - last) }
      last = time
    }
    return Clock(
      resolutionNanoseconds: step == .max ? 1 : Double(step), now: now)
  }

  /// The kernel's monotonic clock, measured once per process.
  public static let monotonic = Clock.measured { cs_monotonic_ns() }
}
