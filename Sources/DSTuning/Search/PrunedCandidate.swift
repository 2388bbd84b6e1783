import DSKernels

/// A candidate that is not timed, unless the audit takes it, and why.
public struct PrunedCandidate: Sendable {
  public enum Reason: Sendable, Equatable {
    /// It does the same operations in the same order as the candidate of this label.
    case sameProgram(as: String)
    /// The cost model expects this many times the best candidate's time.
    case predictedSlower(times: Double)
    /// The model likes this many others better, which is all that the effort times.
    case beyondLimit(Int)
  }

  public let candidate: Candidate
  public let reason: Reason
}

extension PrunedCandidate.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .sameProgram(let label): "the same program as \(label)"
    case .predictedSlower(let times):
      "predicted \((times * 100).rounded() / 100) times slower than the best"
    case .beyondLimit(let count): "\(count) others are predicted faster"
    }
  }

  /// The same without what differs from candidate to candidate, to count by.
  public var kind: String {
    switch self {
    case .sameProgram: "the same program as another candidate"
    case .predictedSlower: "predicted too slow"
    case .beyondLimit: description
    }
  }
}
