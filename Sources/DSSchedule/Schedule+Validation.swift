import DSCore

/// Why an entry cannot be used, though the file is well formed. The rest of the schedule can.
public struct ScheduleDefect: Sendable, Equatable, CustomStringConvertible {
  public var problem: String
  public var reason: String

  public var description: String { "entry '\(problem)': \(reason)" }
}

extension Schedule {
  /// Checks what every entry says for itself: a problem that exists, a pattern of cores, times in order.
  ///
  /// Whether this machine and this registry can run it is decided where those are known.
  public func defects() -> [ScheduleDefect] {
    entries.flatMap { entry in
      entry.defects().map { ScheduleDefect(problem: entry.problem, reason: $0) }
    }
  }
}

extension ScheduleEntry {
  /// Reasons not to use this entry; empty for a sound one.
  public func defects() -> [String] {
    var reasons: [String] = []
    do { _ = try Problem(key: problem) } catch { reasons.append(error.description) }
    if CorePattern(cores) == nil {
      reasons.append("'\(cores)' is no pattern of cores; one looks like '2c/1pu/1xL3'")
    }
    let time = microseconds
    if !(time.low <= time.median && time.median <= time.high) {
      reasons.append(
        "the median of \(time.median) µs lies outside its interval \(time.low) to \(time.high)")
    }
    if let ratio = vsDefault, !(ratio.low <= ratio.ratio && ratio.ratio <= ratio.high) {
      reasons.append(
        "the ratio \(ratio.ratio) lies outside its interval \(ratio.low) to \(ratio.high)")
    }
    if state != .predicted, state != .foreign, time.samples == 0 {
      reasons.append("it is \(state.rawValue) without a sample")
    }
    return reasons
  }
}
