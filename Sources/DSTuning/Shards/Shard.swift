/// One part of a tuning that several machines share.
public struct Shard: Sendable, Hashable {
  /// From 0.
  public let index: Int
  public let count: Int
  /// Keys of the problems to race here, the common reference problems among them.
  public let problems: Set<String>
  /// Keys of the problems that every shard races, by which an odd machine shows.
  public let references: [String]
}
