/// Why nothing can be timed with a clock.
public enum ClockDefect: Error, Equatable, CustomStringConvertible {
  case stands
  case runsBackwards
  case coarse(nanoseconds: Double)

  public var description: String {
    let defect =
      switch self {
      case .stands: "stands still"
      case .runsBackwards: "runs backwards"
      case .coarse(let nanoseconds):
        "moves in steps of \((nanoseconds / 1000).rounded() / 1000) ms, too coarse to time a block of runs"
      }
    return "this machine's clock \(defect), so nothing can be timed; "
      + "choose another one in /sys/devices/system/clocksource, or run without what stands in for it (LD_PRELOAD)"
  }
}

extension Clock {
  /// A block takes a thousand steps of the clock: a tenth of a second with the coarsest one that will do.
  static let coarsestNanoseconds = 100_000.0

  /// Asked once before anything is measured for a user.
  public func expectFit() throws(ClockDefect) {
    if resolutionNanoseconds == .infinity { throw .stands }
    if !isMonotonic { throw .runsBackwards }
    if resolutionNanoseconds > Self.coarsestNanoseconds {
      throw .coarse(nanoseconds: resolutionNanoseconds)
    }
  }
}
