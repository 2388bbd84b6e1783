/// One timed block of runs, and what happened to its thread meanwhile.
public struct BlockRecord: Sendable, Equatable {
  /// Why a block does not count.
  public enum DropReason: String, Sendable, CaseIterable {
    /// The thread moved to another CPU during the round.
    case migration
    /// The CPU changed its clock rate during the round.
    case clockChange = "clock change"
  }

  /// Which candidate of the race ran.
  public var candidate: Int
  public var round: Int
  public var iterations: Int
  public var elapsedNanoseconds: UInt64
  public var cpuBefore: Int
  public var cpuAfter: Int
  public var contextSwitches: Int
  public var minorFaults: Int
  public var majorFaults: Int
  /// Of all threads that take part; `nil` where nobody counted.
  public var counters: EventCounts?
  /// Set where the whole round was dropped.
  public var dropReason: DropReason?

  public init(
    candidate: Int, round: Int, iterations: Int, elapsedNanoseconds: UInt64, cpuBefore: Int = 0,
    cpuAfter: Int = 0, contextSwitches: Int = 0, minorFaults: Int = 0, majorFaults: Int = 0,
    counters: EventCounts? = nil, dropReason: DropReason? = nil
  ) {
    self.candidate = candidate
    self.round = round
    self.iterations = iterations
    self.elapsedNanoseconds = elapsedNanoseconds
    self.cpuBefore = cpuBefore
    self.cpuAfter = cpuAfter
    self.contextSwitches = contextSwitches
    self.minorFaults = minorFaults
    self.majorFaults = majorFaults
    self.counters = counters
    self.dropReason = dropReason
  }

  public var nanosecondsPerRun: Double { Double(elapsedNanoseconds) / Double(iterations) }
}
