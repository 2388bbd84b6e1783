import DSMachine

/// How many there are of everything in a machine.
struct MachineCounts: Hashable, Sendable {
  var cores: Int
  var processors: Int
  var packages: Int
  var numaNodes: Int
  var cacheDomains: Int
  var lastCacheLevel: Int

  init(
    _ cores: Int, _ processors: Int, _ packages: Int, _ numaNodes: Int, _ cacheDomains: Int,
    _ lastCacheLevel: Int
  ) {
    self.cores = cores
    self.processors = processors
    self.packages = packages
    self.numaNodes = numaNodes
    self.cacheDomains = cacheDomains
    self.lastCacheLevel = lastCacheLevel
  }

  init(_ topology: Topology) {
    self.init(
      topology.cores.count, topology.allowedProcessors.count, topology.packageCount,
      topology.numaNodes.count, topology.cacheDomains.count, topology.lastCacheLevel)
  }
}
