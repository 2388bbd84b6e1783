import DSCore

/// How many runs make one timed block, so that the clock's grain and the cost of reading it vanish.
public struct BlockCalibration: Sendable, Equatable {
  /// Shorter blocks are dominated by interrupts and the clock.
  public static let shortestNanoseconds: Double = 200_000
  /// At most a thousandth of a block may be due to the clock's grain.
  public static let stepsPerBlock: Double = 1000

  public var iterations: Int
  /// What the last block took.
  public var blockNanoseconds: Double

  /// Repeats `run(iterations)` with growing counts until a block is long enough.
  ///
  /// Candidates of one race must all use the same count, such as the reference's: unequal counts bias ratios.
  ///
  /// - Parameter shouldStop: asked after each block; the count is then what it is by then. A clock that stands ends it, too.
  public init(
    clock: Clock = .monotonic, minimumNanoseconds: Double = shortestNanoseconds,
    maximumIterations: Int = 1 << 24, shouldStop: () -> Bool = { false }, run: (Int) -> Void
  ) {
    precondition(maximumIterations > 0, "at most \(maximumIterations) iterations")
    let target = max(minimumNanoseconds, Self.stepsPerBlock * clock.resolutionNanoseconds)
    iterations = 1
    while true {
      let count = iterations
      let elapsed = clock.time { run(count) }
      blockNanoseconds = Double(elapsed)
      if blockNanoseconds >= target || iterations >= maximumIterations || shouldStop() { break }
      if elapsed == 0, ClockTime.step(after: clock.now(), of: clock.now) == nil { break }
      // First blocks are slow: grow by at most ten, so that one page fault does not end the search.
      let wanted = blockNanoseconds > 0 ? target / blockNanoseconds * 1.2 : 10
      let next = Double(iterations) * min(max(wanted, 2), 10)
      iterations = min(Int(next.rounded(.up)), maximumIterations)
    }
  }
}
