/// How far the default of one layer was from the best of all candidates that raced.
public struct LayerFinding: Sendable, Equatable {
  /// The problem's key.
  public var problem: String
  /// How many layers of the network have it.
  public var count: Int
  /// Candidates that raced, the default among them.
  public var candidates: Int
  /// The fastest of them by the median of the rounds' ratios.
  public var best: String?
  /// Time of the default divided by the best one's; `nil` where too few rounds tell.
  public var defaultOverBest: RatioInterval?
  public var unknown: [String: JSONValue] = [:]

  public init(
    problem: String, count: Int, candidates: Int, best: String? = nil,
    defaultOverBest: RatioInterval? = nil
  ) {
    self.problem = problem
    self.count = count
    self.candidates = candidates
    self.best = best
    self.defaultOverBest = defaultOverBest
  }
}

extension LayerFinding: FileObject {
  init() { self.init(problem: "", count: 1, candidates: 0) }

  static let fields: [FileField<LayerFinding>] = [
    .required("problem", \.problem, .text),
    .required("count", \.count, .integer(atLeast: 1)),
    .required("candidates", \.candidates, .integer(atLeast: 0)),
    .optional("best", \.best, .text),
    .optional("default_over_best", \.defaultOverBest, .object),
  ]
}
