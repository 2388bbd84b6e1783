import CSystem
import DSCore

/// Times blocks; everything it learns from outside can be replaced, so that races can be simulated.
public struct BlockTimer {
  /// The calling thread's place and what it has suffered since it began.
  public struct ThreadState: Sendable, Equatable {
    public var cpu: Int
    public var contextSwitches: Int
    public var minorFaults: Int
    public var majorFaults: Int

    public init(
      cpu: Int = 0, contextSwitches: Int = 0, minorFaults: Int = 0, majorFaults: Int = 0
    ) {
      self.cpu = cpu
      self.contextSwitches = contextSwitches
      self.minorFaults = minorFaults
      self.majorFaults = majorFaults
    }

    /// As the kernel tells it.
    public static var current: ThreadState {
      var (switches, minor, major): (Int64, Int64, Int64) = (0, 0, 0)
      cs_thread_usage(&switches, &minor, &major)
      return ThreadState(
        cpu: Int(cs_current_cpu()), contextSwitches: Int(switches), minorFaults: Int(minor),
        majorFaults: Int(major))
    }
  }

  public var clock: Clock
  public var threadState: () -> ThreadState
  /// The CPU's current speed in any unit; `nil` leaves changes of the clock rate unnoticed.
  public var clockRate: (() -> Double)?
  public var counters: (() -> EventCounts)?

  public init(
    clock: Clock = .monotonic, threadState: @escaping () -> ThreadState = { .current },
    clockRate: (() -> Double)? = { ClockRate.measured() },
    counters: (() -> EventCounts)? = nil
  ) {
    self.clock = clock
    self.threadState = threadState
    self.clockRate = clockRate
    self.counters = counters
  }

  /// Runs and times one block. It takes a nanosecond at least, whatever the clock says: times are divided by each other.
  public func time(
    candidate: Int = 0, round: Int = 0, iterations: Int, run: (Int) -> Void
  ) -> BlockRecord {
    precondition(iterations > 0, "a block of \(iterations) runs")
    let before = threadState()
    let countersBefore = counters?()
    let start = clock.now()
    run(iterations)
    let end = clock.now()
    let countersAfter = counters?()
    let after = threadState()
    return BlockRecord(
      candidate: candidate, round: round, iterations: iterations,
      elapsedNanoseconds: max(1, ClockTime.elapsed(from: start, to: end)),
      cpuBefore: before.cpu, cpuAfter: after.cpu,
      contextSwitches: after.contextSwitches - before.contextSwitches,
      minorFaults: after.minorFaults - before.minorFaults,
      majorFaults: after.majorFaults - before.majorFaults,
      counters: countersBefore.flatMap { before in countersAfter.map { $0 - before } })
  }
}
