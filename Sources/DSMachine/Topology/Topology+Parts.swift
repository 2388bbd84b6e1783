extension Topology {
  /// A core with the processors (hardware threads) of it that the process may use.
  public struct Core: Hashable, Sendable, Codable {
    /// Position in `Topology.cores`.
    public let logicalIndex: Int
    /// The system's numbers of its processors, in hwloc's order; never empty.
    public let operatingSystemProcessors: [Int]
    /// Index into `Topology.kinds`, 0 the most efficient; `nil` where all cores are alike.
    public let kind: Int?
    /// Which last-level cache it uses, counted from 0. A core that is outside of every cache of the
    /// last level belongs to a domain of its highest cache; cores without any cache, to one of
    /// their memory node.
    public let cacheDomain: Int
    /// The system's number of the nearest memory node.
    public let numaNode: Int
    /// Its package, counted from 0 in hwloc's order.
    public let package: Int
  }

  /// One data or unified cache.
  public struct Cache: Hashable, Sendable, Codable {
    /// 1 is the first-level data cache.
    public let level: Int
    /// 0 where hwloc does not know.
    public let byteCount: Int
    /// 0 where hwloc does not know.
    public let lineBytes: Int
    /// Ways; 0 where hwloc does not know.
    public let associativity: Int
    /// Logical indices of the cores that use it.
    public let cores: [Int]
  }

  /// A memory node.
  public struct NUMANode: Hashable, Sendable, Codable {
    /// The system's number of it.
    public let operatingSystemIndex: Int
    /// 0 where hwloc does not know.
    public let memoryBytes: Int
    /// Logical indices of the cores it is nearest to.
    public let cores: [Int]
  }

  /// A kind of core on a hybrid machine.
  public struct CoreKind: Hashable, Sendable, Codable {
    /// 0 is the most efficient, the highest the fastest.
    public let index: Int
    /// What hwloc knows about it: "CoreType", "LinuxCapacity", "FrequencyMaxMHz", "CPUPart".
    public let attributes: [String: String]
  }
}
