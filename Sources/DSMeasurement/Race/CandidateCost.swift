/// What decides between candidates that measuring cannot tell apart: fewer threads, then less
/// memory, then the name. Reruns so give the same schedule.
public struct CandidateCost: Sendable, Hashable, Comparable {
  public var threads: Int
  public var workspaceBytes: Int
  public var name: String
  /// What a model expects of the candidate; `nil` without a model. Does not order candidates.
  public var predictedMicroseconds: Double?

  public init(
    threads: Int = 1, workspaceBytes: Int = 0, name: String, predictedMicroseconds: Double? = nil
  ) {
    self.threads = threads
    self.workspaceBytes = workspaceBytes
    self.name = name
    self.predictedMicroseconds = predictedMicroseconds
  }

  /// Whether nothing that was known before the race tells the two apart.
  func isTwin(of other: Self) -> Bool {
    guard let predictedMicroseconds else { return false }
    return predictedMicroseconds == other.predictedMicroseconds && threads == other.threads
      && workspaceBytes == other.workspaceBytes
  }

  public static func < (left: CandidateCost, right: CandidateCost) -> Bool {
    (left.threads, left.workspaceBytes, left.name)
      < (right.threads, right.workspaceBytes, right.name)
  }
}
