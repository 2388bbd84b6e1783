/// The CPU's speed, from the time of a fixed chain of dependent integer operations: a chain has the
/// same number of cycles whatever the caches hold. Works where no counter and no frequency file does.
public enum ClockRate {
  /// About 15 µs on a current core.
  static let chainLength = 10_000

  /// Chain steps per nanosecond, the fastest of three tries: an interrupt only ever slows one down.
  public static func measured(clock: Clock = .monotonic) -> Double {
    var fastest = UInt64.max
    for _ in 0..<3 {
      fastest = min(fastest, clock.time { blackHole(chain(from: 0x9e37_79b9_7f4a_7c15)) })
    }
    return Double(chainLength) / Double(max(fastest, 1))
  }

  @inline(never)
  private static func chain(from seed: UInt64) -> UInt64 {
    var state = seed
    // Xorshift (Marsaglia, 2003): unlike a chain of multiply-adds, no compiler can fold its steps.
    for _ in 0..<chainLength {
      state ^= state &<< 13
      state ^= state &>> 7
      state ^= state &<< 17
    }
    return state
  }

  @inline(never) @_optimize(none)
  private static func blackHole(_ value: UInt64) {}
}
