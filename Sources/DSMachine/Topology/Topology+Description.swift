import DSCore

extension Topology {
  /// The machine in the planner's words, with the sizes that hwloc declares and no roofs yet.
  ///
  /// Of a level with unequal caches (hybrid machines), the smallest above the fastest kind of core
  /// counts: what fits there fits wherever a plan for those cores may run. Caches of unknown size
  /// are left out. The instruction set of a machine that is not this one is a cautious guess.
  public var description: MachineDescription {
    MachineDescription(
      cpu: identity.cpu, modelName: identity.modelName, instructionSet: identity.instructionSet,
      features: identity.features, packages: packageCount, numaNodes: numaNodes.count,
      cores: cores.count,
      processingUnits: cores.reduce(0) { $0 + $1.operatingSystemProcessors.count },
      caches: (1...5).compactMap(describedCache))
  }

  private func describedCache(level: Int) -> MachineDescription.Cache? {
    let known = caches.filter { $0.level == level && $0.byteCount > 0 }
    let fastest = cores.compactMap(\.kind).max()
    let ofFastest = known.filter { cache in cache.cores.contains { cores[$0].kind == fastest } }
    guard let smallest = ofFastest.min(by: { $0.byteCount < $1.byteCount }) ?? known.first else {
      return nil
    }
    let alike = known.filter { $0.byteCount == smallest.byteCount }
    return MachineDescription.Cache(
      level: level, byteCount: smallest.byteCount,
      lineBytes: smallest.lineBytes > 0 ? smallest.lineBytes : 64,
      associativity: smallest.associativity,
      sharedByCores: alike.map(\.cores.count).max() ?? 1, count: known.count)
  }
}
