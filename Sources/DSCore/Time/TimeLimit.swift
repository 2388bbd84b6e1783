/// How long a loop may take. It ends whatever the clock does: what a jump backwards hides is not counted, and a clock
/// that stands ends it at once.
package struct TimeLimit {
  private let limitNanoseconds: Double
  private let now: () -> UInt64
  private var last: UInt64
  private var elapsedNanoseconds = 0.0
  /// Whether the clock was seen to stand.
  package private(set) var clockStands = false

  /// Begins now.
  package init(nanoseconds: Double, of now: @escaping () -> UInt64) {
    limitNanoseconds = nanoseconds
    self.now = now
    last = now()
  }

  /// To be asked after every turn of the loop: only what passes between two questions is known.
  package mutating func isOver() -> Bool {
    let reading = now()
    elapsedNanoseconds += Double(ClockTime.elapsed(from: last, to: reading))
    if reading <= last && ClockTime.step(after: reading, of: now) == nil { clockStands = true }
    last = reading
    return clockStands || elapsedNanoseconds >= limitNanoseconds
  }
}
