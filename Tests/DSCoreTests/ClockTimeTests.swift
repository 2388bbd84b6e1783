import DSCore
import Testing

@Suite struct ClockTimeTests {
  @Test(
    arguments: [
      (5, 9, 4), (9, 9, 0), (9, 5, 0), (0, .max, .max), (.max, 0, 0),
    ] as [(UInt64, UInt64, UInt64)])
  func whatPassedIsNeverNegative(start: UInt64, end: UInt64, elapsed: UInt64) {
    #expect(ClockTime.elapsed(from: start, to: end) == elapsed)
  }

  @Test(
    arguments: [
      (1.5, 10, 11), (-1, 10, 10), (.infinity, 10, .max), (1e300, 10, .max), (1e9, .max - 1, .max),
      (.nan, 10, 10),
    ] as [(Double, UInt64, UInt64)])
  func deadlinesDoNotOverflow(nanoseconds: Double, start: UInt64, deadline: UInt64) {
    #expect(ClockTime.deadline(nanoseconds, after: start) == deadline)
  }

  /// Readings one after the other, and then the last one for ever.
  private func clock(_ readings: [UInt64]) -> () -> UInt64 {
    var next = 0
    return {
      defer { next = min(next + 1, readings.count - 1) }
      return readings[next]
    }
  }

  @Test func aClockThatStandsHasNoStep() {
    #expect(ClockTime.step(after: 7, of: clock([7])) == nil)
    #expect(ClockTime.step(after: 7, of: clock([7, 3, 7, 9])) == 9)
  }

  @Test func aLimitCountsWhatPasses() {
    var limit = TimeLimit(nanoseconds: 100, of: clock([0, 60, 99, 100, 500]))
    let answers = (0..<3).map { _ in limit.isOver() }
    #expect(answers == [false, false, true] && !limit.clockStands)
  }

  /// An hour back: the loop lasts as long as it was to.
  @Test func aLimitSurvivesAJumpBackwards() {
    let hour: UInt64 = 3_600_000_000_000
    var limit = TimeLimit(
      nanoseconds: 100, of: clock([hour, hour + 60, 10, 11, 30, 51, 60, 70, 80]))
    var turns = 0
    while !limit.isOver() { turns += 1 }
    #expect(turns == 3)
    #expect(!limit.clockStands)
  }

  @Test func aClockThatStandsEndsALimit() {
    var limit = TimeLimit(nanoseconds: 100, of: clock([5]))
    let isOver = limit.isOver()
    #expect(isOver && limit.clockStands)
  }
}
