import CSystem
import DSCore

/// A source of time with what is known of its grain.
public struct Clock: Sendable {
  /// Nanoseconds since some fixed moment.
  public let now: @Sendable () -> UInt64
  /// The smallest step the clock was seen to make; infinite for one that was seen to stand.
  public let resolutionNanoseconds: Double
  /// Whether no reading was seen that is less than the one before.
  public let isMonotonic: Bool

  public init(
    resolutionNanoseconds: Double = 1, isMonotonic: Bool = true,
    now: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.resolutionNanoseconds = resolutionNanoseconds
    self.isMonotonic = isMonotonic
  }

  /// Measures the resolution by reading the clock `readings` times in a row, and on to its next step where there was none.
  public static func measured(
    readings: Int = 2000, now: @escaping @Sendable () -> UInt64
  ) -> Clock {
    precondition(readings > 0, "\(readings) readings")
    var (last, step) = (now(), UInt64.max)
    var isMonotonic = true
    for _ in 0..<readings {
      let time = now()
      if time > last { step = min(step, time - last) }
      isMonotonic = isMonotonic && time >= last
      last = time
    }
    if step == .max, let time = ClockTime.step(after: last, of: now) { step = time - last }
    return Clock(
      resolutionNanoseconds: step == .max ? .infinity : Double(step), isMonotonic: isMonotonic,
      now: now)
  }

  /// The kernel's monotonic clock, measured once per process.
  public static let monotonic = Clock.measured { cs_monotonic_ns() }

  /// Nanoseconds that `work` takes; 0 where the clock stood or went back meanwhile.
  func time(_ work: () -> Void) -> UInt64 {
    let start = now()
    work()
    return ClockTime.elapsed(from: start, to: now())
  }
}
