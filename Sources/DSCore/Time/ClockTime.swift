/// Arithmetic on the readings of a clock, in nanoseconds, that holds whatever the clock does.
///
/// Clocks that should only grow have stood still and jumped backwards: in virtual machines that were moved or restored,
/// and under broken firmware.
package enum ClockTime {
  /// How often a clock is read before it counts as standing: some tens of milliseconds of readings.
  private static let mostReadings = 1 << 20

  /// What has passed between two readings; 0 where the clock stood or went back.
  @inlinable package static func elapsed(from start: UInt64, to end: UInt64) -> UInt64 {
    end > start ? end - start : 0
  }

  /// The reading at which so much will have passed; the clock's last one where that is beyond it.
  package static func deadline(_ nanoseconds: Double, after start: UInt64) -> UInt64 {
    let whole = UInt64(exactly: nanoseconds.rounded(.down)) ?? (nanoseconds > 0 ? .max : 0)
    let (sum, overflows) = start.addingReportingOverflow(whole)
    return overflows ? .max : sum
  }

  /// The clock's first reading after `start`; `nil` where it stands.
  package static func step(after start: UInt64, of now: () -> UInt64) -> UInt64? {
    for _ in 0..<mostReadings {
      let reading = now()
      if reading > start { return reading }
    }
    return nil
  }
}
