/// Why a plan of shards cannot be used.
public enum ShardPlanError: Error, Equatable, CustomStringConvertible {
  case notAPlan
  case noSuchShard(Int, count: Int)
  /// Keys that no schedule has, and the shards they belong to.
  case missing([String], shards: [Int])

  public var description: String {
    switch self {
    case .notAPlan:
      "it is no plan of dstune; make one with dstune plan"
    case .noSuchShard(let index, let count):
      "the plan has \(count) shards, 0 to \(count - 1); there is no shard \(index)"
    case .missing(let keys, let shards):
      "\(keys.count) problems of the plan are in none of the schedules, such as '\(keys.first ?? "")': "
        + "those of shard \(shards.map(\.description).joined(separator: ", ")) are missing"
    }
  }
}
