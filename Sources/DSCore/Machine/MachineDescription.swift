/// What the planner and the schedule know of a machine: topology, CPU features and measured roofs.
///
/// Filled in by `DSMachine` from hwloc, or by `DSRuntime` from CPUID and the kernel's own files.
public struct MachineDescription: Hashable, Sendable {
  public struct Cache: Hashable, Sendable {
    /// 1 is the first-level data cache.
    public var level: Int
    public var byteCount: Int
    public var lineBytes: Int
    /// Ways; 0 where the machine does not say.
    public var associativity: Int
    /// How many cores share one such cache.
    public var sharedByCores: Int
    /// How many there are in the machine, of those the process may use.
    public var count: Int

    public init(
      level: Int, byteCount: Int, lineBytes: Int = 64, associativity: Int = 0,
      sharedByCores: Int = 1, count: Int = 1
    ) {
      self.level = level
      self.byteCount = byteCount
      self.lineBytes = lineBytes
      self.associativity = associativity
      self.sharedByCores = sharedByCores
      self.count = count
    }
  }

  /// Measured ceilings; a value is `nil` until it has been measured.
  public struct Roofs: Hashable, Sendable {
    public var fmaGigaflopsPerCore: Double?
    public var l1GigabytesPerSecond: Double?
    public var l2GigabytesPerSecond: Double?
    public var l3GigabytesPerSecond: Double?
    public var dramGigabytesPerSecond: Double?

    public init() {}
  }

  /// Vendor, family and model, as in "AuthenticAMD/25/17"; implementer, architecture and part on Arm,
  /// "0x41/8/0xd85"; "unknown/0/0" where nothing says.
  public var cpu: String
  /// The name the vendor gave it; for people only.
  public var modelName: String
  public var instructionSet: InstructionSet
  /// Feature flags that say more than the instruction set ("avx512f", "avx512_vnni"), sorted.
  public var features: [String]
  public var packages: Int
  public var numaNodes: Int
  /// Cores the process may use.
  public var cores: Int
  /// Hardware threads of those cores that the process may use.
  public var processingUnits: Int
  /// Data and unified caches, level 1 first.
  public var caches: [Cache]
  public var roofs: Roofs

  public init(
    cpu: String, modelName: String = "", instructionSet: InstructionSet, features: [String] = [],
    packages: Int = 1, numaNodes: Int = 1, cores: Int, processingUnits: Int, caches: [Cache],
    roofs: Roofs = Roofs()
  ) {
    self.cpu = cpu
    self.modelName = modelName
    self.instructionSet = instructionSet
    self.features = features
    self.packages = packages
    self.numaNodes = numaNodes
    self.cores = cores
    self.processingUnits = processingUnits
    self.caches = caches
    self.roofs = roofs
  }

  public func cache(level: Int) -> Cache? { caches.first { $0.level == level } }

  /// The last cache before memory.
  public var lastLevelCache: Cache? { caches.max { $0.level < $1.level } }

  /// Bytes of the given level that one of `workers` busy cores may count on.
  public func cacheShare(level: Int, workers: Int) -> Int? {
    cache(level: level).map { $0.byteCount / max(1, min($0.sharedByCores, workers)) }
  }
}

extension MachineDescription {
  /// "core:2 pu:1 l1d:48K l2:1M l3:32M/2 numa:1": cores, threads a core, caches (a shared one with
  /// the number of cores that share it) and NUMA nodes. Part of the schedule format.
  public var topologySignature: String {
    var words = ["core:\(cores)", "pu:\(max(1, processingUnits / max(1, cores)))"]
    for cache in caches.sorted(by: { $0.level < $1.level }) {
      let name = cache.level == 1 ? "l1d" : "l\(cache.level)"
      let sharing = cache.sharedByCores > 1 ? "/\(cache.sharedByCores)" : ""
      words.append("\(name):\(Self.shortBytes(cache.byteCount))\(sharing)")
    }
    words.append("numa:\(numaNodes)")
    return words.joined(separator: " ")
  }

  /// "48K", "1M", "1280K": exact, in the largest binary unit that divides it.
  package static func shortBytes(_ byteCount: Int) -> String {
    for (unit, suffix) in [(1 << 30, "G"), (1 << 20, "M"), (1 << 10, "K")]
    where byteCount >= unit && byteCount % unit == 0 {
      return "\(byteCount / unit)\(suffix)"
    }
    return "\(byteCount)"
  }
}
