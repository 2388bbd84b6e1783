import CSystem
import DSMeasurement
import Foundation
import Testing

@Suite struct CountingTests {
  private static let pages = 200
  private static let pageBytes = sysconf(Int32(_SC_PAGESIZE))

  /// Writes to pages that nobody has touched, each on its own.
  private static func touchFreshPages() throws {
    let bytes = pages * pageBytes
    let base = try #require(cs_map_pages(bytes, 0))
    defer { cs_unmap_pages(base, bytes, 0) }
    // A huge page would come with a single fault.
    madvise(base, bytes, MADV_NOHUGEPAGE)
    for page in 0..<pages {
      base.storeBytes(of: 1, toByteOffset: page * pageBytes, as: UInt8.self)
    }
  }

  @Test func everyFreshPageIsAFault() throws {
    let counters = PerformanceCounters()
    let before = counters.read()
    try Self.touchFreshPages()
    let faults = try #require((counters.read() - before).pageFaults)
    #expect(faults >= Self.pages)
  }

  @Test func threadsBegunLaterAreCounted() throws {
    let counters = PerformanceCounters()
    let before = counters.read()
    let thread = Thread { try? Self.touchFreshPages() }
    thread.start()
    while !thread.isFinished { usleep(500) }
    let counts = counters.read() - before
    #expect(try #require(counts.pageFaults) >= Self.pages)
    // The sleeps above.
    #expect(try #require(counts.contextSwitches) >= 1)
  }

  @Test func blocksHaveTheirCounts() throws {
    let counters = PerformanceCounters()
    let timer = BlockTimer(clockRate: nil) { counters.read() }
    let block = timer.time(iterations: 2) { count in
      for _ in 0..<count { try? Self.touchFreshPages() }
    }
    #expect(try #require(block.counters?.pageFaults) >= 2 * Self.pages)
  }

  @Test(
    .enabled(
      if: PerformanceCounters().read().cycles != nil, "the kernel allows no hardware counters"))
  func cyclesAndInstructionsAreCounted() throws {
    let counters = PerformanceCounters()
    let before = counters.read()
    _ = ClockRate.measured()
    let counts = counters.read() - before
    // Three chains of 10000 steps, of six instructions each that wait for one another.
    #expect(try #require(counts.instructions) > 180_000)
    #expect(try #require(counts.cycles) > 180_000)
    #expect(counts.instructionsPerCycle ?? 0 > 0)
  }

  @Test func whatIsNotCountedStaysUnknown() {
    let first = EventCounts(cycles: 5, pageFaults: 1, contextSwitches: 7)
    let second = EventCounts(cycles: 9, instructions: 3, pageFaults: 1)
    #expect(second - first == EventCounts(cycles: 4, pageFaults: 0))
    #expect(first + .zero == first)
    #expect(first.instructionsPerCycle == nil)
    #expect(EventCounts(cycles: 4, instructions: 6).instructionsPerCycle == 1.5)
    #expect(EventCounts(cycles: 0, instructions: 6).instructionsPerCycle == nil)
  }
}
