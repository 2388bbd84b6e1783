/// What the tried plan gained over the default in rounds of the whole network, be it kept or not.
public struct NetworkGain: Sendable, Equatable {
  /// Time of the default divided by the plan's: the median of the rounds' ratios, with its interval.
  public var speedup: RatioInterval
  /// Rounds in which both were timed.
  public var rounds: Int
  /// In how many of them the plan was the faster one.
  public var fasterRounds: Int
  /// How many rounds a decision needs.
  public var neededRounds: Int
  /// The ratio that the whole interval has to exceed for the plan to be kept.
  public var smallestClaim: Double
  public var unknown: [String: JSONValue] = [:]

  public init(
    speedup: RatioInterval, rounds: Int, fasterRounds: Int, neededRounds: Int, smallestClaim: Double
  ) {
    self.speedup = speedup
    self.rounds = rounds
    self.fasterRounds = fasterRounds
    self.neededRounds = neededRounds
    self.smallestClaim = smallestClaim
  }
}

extension NetworkGain: FileObject {
  init() {
    self.init(
      speedup: RatioInterval(), rounds: 0, fasterRounds: 0, neededRounds: 0, smallestClaim: 1)
  }

  static let fields: [FileField<NetworkGain>] = [
    .required("speedup", \.speedup, .object),
    .required("rounds", \.rounds, .integer(atLeast: 0)),
    .required("faster_rounds", \.fasterRounds, .integer(atLeast: 0)),
    .required("needed_rounds", \.neededRounds, .integer(atLeast: 0)),
    .required("smallest_claim", \.smallestClaim, .magnitude),
  ]
}
