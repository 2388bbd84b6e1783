/// What became of each entry of a schedule when it was loaded.
public struct ScheduleReport: Sendable {
  public enum Outcome: Sendable, Equatable {
    case used
    /// The entry's problem runs with its default kernel instead.
    case dropped(reason: String)
    /// The network has no such problem.
    case unrelated
  }

  public struct Line: Sendable, Equatable {
    public let problem: String
    public let kernel: String
    public let outcome: Outcome
  }

  public var lines: [Line] = []
  /// Remarks on the file as a whole: another machine, a newer minor version, another network, other cores.
  public var notices: [String] = []

  public init() {}

  public var usedCount: Int { lines.count { $0.outcome == .used } }

  public var droppedLines: [Line] {
    lines.filter {
      if case .dropped = $0.outcome { true } else { false }
    }
  }

  /// "41 of 43 entries used, 2 dropped".
  public var summary: String {
    var text = "\(usedCount) of \(lines.count) entries used"
    if !droppedLines.isEmpty { text += ", \(droppedLines.count) dropped" }
    let unrelated = lines.count { $0.outcome == .unrelated }
    if unrelated > 0 { text += ", \(unrelated) for other problems" }
    return text
  }
}
