import CSystem

/// Cycles and instructions of the thread that created it, through perf_event.
public final class PerformanceCounters {
  public struct Reading: Sendable, Equatable {
    public var cycles: UInt64
    public var instructions: UInt64

    public init(cycles: UInt64, instructions: UInt64) {
      self.cycles = cycles
      self.instructions = instructions
    }

    public static func - (later: Reading, earlier: Reading) -> Reading {
      Reading(
        cycles: later.cycles &- earlier.cycles,
        instructions: later.instructions &- earlier.instructions)
    }

    public var instructionsPerCycle: Double? {
      cycles > 0 ? Double(instructions) / Double(cycles) : nil
    }
  }

  private let handle: Int32
  private let instructionsHandle: Int32

  /// `nil` where the kernel does not allow counters: in many virtual machines and containers, and
  /// where `kernel.perf_event_paranoid` is above 2.
  public init?() {
    var instructionsHandle: Int32 = -1
    let handle = cs_counters_open(&instructionsHandle)
    guard handle >= 0 else { return nil }
    self.handle = handle
    self.instructionsHandle = instructionsHandle
  }

  deinit { cs_counters_close(handle, instructionsHandle) }

  /// Counts since the counters were opened.
  public func read() -> Reading? {
    var (cycles, instructions): (UInt64, UInt64) = (0, 0)
    guard cs_counters_read(handle, instructionsHandle, &cycles, &instructions) == 0 else {
      return nil
    }
    return Reading(cycles: cycles, instructions: instructions)
  }
}
