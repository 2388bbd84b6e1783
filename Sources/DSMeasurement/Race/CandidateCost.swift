/// What decides between candidates that measuring cannot tell apart: fewer threads, then less
/// memory, then the name. Reruns so give the same schedule.
public struct CandidateCost: Sendable, Hashable, Comparable {
  public var threads: Int
  public var workspaceBytes: Int
  public var name: String

  public init(threads: Int = 1, workspaceBytes: Int = 0, name: String) {
    self.threads = threads
    self.workspaceBytes = workspaceBytes
    self.name = name
  }

  public static func < (left: CandidateCost, right: CandidateCost) -> Bool {
    (left.threads, left.workspaceBytes, left.name)
      < (right.threads, right.workspaceBytes, right.name)
  }
}
