import DSCore

/// One core that the process may use, as the system's files describe it.
struct LiveCore {
  /// A data or unified cache, the same value for all cores that share it.
  struct Cache: Hashable {
    let level: Int
    let byteCount: Int
    let lineBytes: Int
    let associativity: Int
    /// The system's numbers of all its processors, used by this process or not.
    let processors: [Int]
  }

  /// Hardware threads that the process may use, ascending; never empty.
  let processors: [Int]
  /// The greater, the faster the kind of core; equal where all are alike.
  let speed: Int
  let package: Int
  /// The first processor of its package and of its last-level cache. Cores are ordered by these, not by their own
  /// numbers: many systems number them across packages, even ones in the first and odd ones in the second.
  let packageStart: Int
  let cacheDomain: Int
  /// Level 1 first.
  let caches: [Cache]

  /// - Parameter fastProcessors: of the performance cores, on hybrid machines that name them.
  init(_ processors: [Int], fastProcessors: Set<Int>, _ files: SystemFiles) {
    let folder = "cpu/cpu\(processors[0])"
    self.processors = processors
    speed =
      fastProcessors.isEmpty
      ? files.integer("\(folder)/cpu_capacity") ?? 0
      : fastProcessors.contains(processors[0]) ? 1 : 0
    package = files.integer("\(folder)/topology/physical_package_id") ?? 0
    packageStart = files.processors("\(folder)/topology/core_siblings_list")?.first ?? 0
    caches = (0..<8).compactMap { Self.cache("\(folder)/cache/index\($0)", processors, files) }
      .sorted { $0.level < $1.level }
    cacheDomain = caches.last?.processors.first ?? packageStart
  }

  private static func cache(
    _ folder: String, _ processors: [Int], _ files: SystemFiles
  ) -> Cache? {
    guard let level = files.integer("\(folder)/level"),
      files.text("\(folder)/type") != "Instruction",
      let byteCount = files.byteCount("\(folder)/size")
    else { return nil }
    return Cache(
      level: level, byteCount: byteCount,
      lineBytes: files.integer("\(folder)/coherency_line_size") ?? 64,
      associativity: files.integer("\(folder)/ways_of_associativity") ?? 0,
      processors: files.processors("\(folder)/shared_cpu_list") ?? processors)
  }

  /// Whether threads should be bound here before they are there: the fastest kind of core first, then one
  /// last-level cache after the other, as `Topology.defaultCoreSet` does.
  static func isFilled(_ core: LiveCore, before other: LiveCore) -> Bool {
    (-core.speed, core.packageStart, core.cacheDomain, core.processors[0])
      < (-other.speed, other.packageStart, other.cacheDomain, other.processors[0])
  }
}

extension MachineDescription.Cache {
  /// The cache of one level by the rules of `Topology.description`, so that both give the same signature: the
  /// smallest above the fastest kind of core, and the most cores that share one of that size.
  ///
  /// - Returns: `nil` where no core has a cache of that level.
  init?(level: Int, above cores: [LiveCore]) {
    let fastest = cores.map(\.speed).max()
    var users: [LiveCore.Cache: (cores: Int, isFast: Bool)] = [:]
    var order: [LiveCore.Cache] = []
    for core in cores {
      for cache in core.caches where cache.level == level {
        let (count, isFast) = users[cache] ?? (0, false)
        if count == 0 { order.append(cache) }
        users[cache] = (count + 1, isFast || core.speed == fastest)
      }
    }
    let ofFastest = order.filter { users[$0]?.isFast == true }
    guard let smallest = ofFastest.min(by: { $0.byteCount < $1.byteCount }) ?? order.first else {
      return nil
    }
    let alike = order.filter { $0.byteCount == smallest.byteCount }
    self.init(
      level: level, byteCount: smallest.byteCount,
      lineBytes: smallest.lineBytes > 0 ? smallest.lineBytes : 64,
      associativity: smallest.associativity,
      sharedByCores: alike.compactMap { users[$0]?.cores }.max() ?? 1, count: order.count)
  }
}
