import DSCore

/// A pattern of cores, and the processors of one machine that it stands for.
public struct CoreSet: Hashable, Sendable {
  public let pattern: CorePattern
  /// The system's number of the processor of every worker; siblings of one core are neighbours.
  public let processors: [Int]
}
