/// A small, fast, reproducible random generator: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014,
/// doi:10.1145/2660193.2660195). Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A value in [-1, 1) with 24 random bits.
  public mutating func nextUnitFloat() -> Float {
    Float(Int32(truncatingIfNeeded: next() >> 40) &- 0x80_0000) / 0x80_0000
  }
}
