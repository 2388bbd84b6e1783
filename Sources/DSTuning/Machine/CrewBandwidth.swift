/// What several cores were measured to read together, gigabytes a second.
public struct CrewBandwidth: Sendable, Hashable {
  /// How many cores read at once.
  public var workers: Int
  /// All cores' reads added up, by cache level.
  public var levels: [Int: Double]
  /// All cores' reads from memory added up.
  public var memory: Double?

  public init(workers: Int, levels: [Int: Double] = [:], memory: Double? = nil) {
    precondition(workers >= 1, "\(workers) workers")
    self.workers = workers
    self.levels = levels
    self.memory = memory
  }

  /// The ceiling of some of the cores.
  ///
  /// - Parameters:
  ///   - total: what all of them reach.
  ///   - one: what one core alone reaches.
  func ceiling(workers: Int, total: Double, one: Double) -> Double {
    if workers == 1 { return one }
    // Fewer than were measured cannot have more than all of them, nor more than each alone; for more than were
    // measured nothing better than the measured total is known.
    return workers < self.workers ? min(Double(workers) * one, total) : total
  }
}
