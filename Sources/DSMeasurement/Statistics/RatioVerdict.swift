/// What a ratio of times says: the reference's time divided by this one's, greater than 1 is faster.
public enum RatioVerdict: String, Sendable, CaseIterable {
  case faster
  case slower
  /// Neither is, and more than `equivalence` is excluded.
  case noDifference = "no difference shown"
  case tooFewSamples = "too few samples"
  /// The interval says neither which is faster nor that they are about as fast.
  case undecided

  /// No difference may be said of two that differ by no more: an interval that has 1 in it and reaches farther
  /// says nothing.
  public static let equivalence = 1.1
  /// No gain below it is claimed, however small the noise seemed: copies of one kernel, each in buffers of its own, differ by as much.
  public static let leastClaim = 1.01
  /// Beyond this ratio, in each of so many pairs, a difference needs no statistics.
  static let grossRatio = 2.0
  static let grossPairs = 3

  /// - Parameter noiseFloor: below this ratio no difference is claimed.
  public init(_ ratio: PairedRatio, noiseFloor: Double) {
    let floor = max(noiseFloor, Self.leastClaim)
    let isGross = ratio.pairs >= Self.grossPairs
    self =
      if ratio.isTooWide {
        .undecided
      } else if isGross && ratio.low > Self.grossRatio {
        .faster
      } else if isGross && ratio.high < 1 / Self.grossRatio {
        .slower
      } else if !ratio.isSufficient {
        .tooFewSamples
      } else if ratio.low > floor {
        .faster
      } else if ratio.high < 1 / floor {
        .slower
      } else if ratio.isWithin(Self.equivalence) {
        .noDifference
      } else {
        .undecided
      }
  }
}
