import CSystem

/// A source of time with what is known of its grain.
public struct Clock: Sendable {
  /// Nanoseconds since some fixed moment.
  public let now: @Sendable () -> UInt64
  /// The smallest step the clock was seen to make.
  public let resolutionNanoseconds: Double
  /// What one reading costs.
  public let overheadNanoseconds: Double

  public init(
    resolutionNanoseconds: Double = 1, overheadNanoseconds: Double = 0,
    now: @escaping @Sendable () -> UInt64
  ) {
    self.now = now
    self.resolutionNanoseconds = resolutionNanoseconds
    self.overheadNanoseconds = overheadNanoseconds
  }

  /// Measures resolution and overhead by reading the clock `readings` times in a row.
  public init(measuring now: @escaping @Sendable () -> UInt64, readings: Int = 2000) {
    precondition(readings > 0, "\(readings) readings")
    let first = now()
    var (last, step) = (first, UInt64.max)
    for _ in 0..<readings {
      let time = now()
      if time > last { step = min(step, time - last) }
      last = time
    }
    self.init(
      resolutionNanoseconds: step == .max ? 1 : Double(step),
      overheadNanoseconds: Double(last - first) / Double(readings), now: now)
  }

  /// The kernel's monotonic clock, measured once per process.
  public static let monotonic = Clock(measuring: { cs_monotonic_ns() })
}
