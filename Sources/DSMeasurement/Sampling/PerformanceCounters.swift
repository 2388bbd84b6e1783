import CSystem

/// Counts events through perf_event, in the thread that created it and in all threads begun by that one
/// since: create it before the threads that are to be measured.
///
/// Cycles and instructions are those outside the kernel, waiting included.
public final class PerformanceCounters {
  /// -1 for what the kernel does not allow: hardware counters in many virtual machines, all of them where
  /// `kernel.perf_event_paranoid` is above 2, switches and migrations where it is above 1.
  private struct Handles {
    var cycles = cs_counter_open(CS_CYCLES)
    var instructions = cs_counter_open(CS_INSTRUCTIONS)
    var pageFaults = cs_counter_open(CS_PAGE_FAULTS)
    var contextSwitches = cs_counter_open(CS_CONTEXT_SWITCHES)
    var migrations = cs_counter_open(CS_MIGRATIONS)

    var opened: [Int32] {
      [cycles, instructions, pageFaults, contextSwitches, migrations].filter { $0 >= 0 }
    }
  }

  private let handles = Handles()

  public init() {}

  deinit { for handle in handles.opened { cs_counter_close(handle) } }

  /// Counts since some fixed moment: only differences mean something.
  public func read() -> EventCounts {
    // Without perf_event the kernel still tells these two, of all threads of the process.
    var (switches, faults): (UInt64, UInt64) = (0, 0)
    cs_process_usage(&switches, &faults)
    return EventCounts(
      cycles: count(handles.cycles), instructions: count(handles.instructions),
      pageFaults: handles.pageFaults >= 0 ? count(handles.pageFaults) : faults,
      contextSwitches: handles.contextSwitches >= 0 ? count(handles.contextSwitches) : switches,
      migrations: count(handles.migrations))
  }

  private func count(_ handle: Int32) -> UInt64? {
    var count: UInt64 = 0
    return handle >= 0 && cs_counter_read(handle, &count) == 0 ? count : nil
  }
}
