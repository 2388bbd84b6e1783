import CHwloc
import DSCore
import Glibc

/// A machine as hwloc sees it: which cores there are, which caches they share, and which of them
/// this process may use. Read once, immutable afterwards, free to use from any thread.
///
/// Processors that are offline, outside the cgroup's cpuset or (on this machine) outside the CPU
/// affinity of the process do not appear.
public final class Topology: Sendable {
  public let source: TopologySource
  /// Whether it describes the machine the process runs on, so that threads can be bound.
  public let isThisSystem: Bool
  /// Packages with at least one core in `cores`.
  public let packageCount: Int
  /// Memory nodes that are local to at least one core in `cores`.
  public let numaNodes: [NUMANode]
  /// In hwloc's order, so neighbours share the most.
  public let cores: [Core]
  /// Data and unified caches, level 1 first, in hwloc's order.
  public let caches: [Cache]
  /// The kinds of core, the most efficient first; empty where all cores are alike.
  public let kinds: [CoreKind]
  /// The level of the last cache; 3 where hwloc knows no cache at all.
  public let lastCacheLevel: Int
  /// Cores this process may use at a time by its cgroup's CPU quota; `nil` without a limit.
  public let cpuQuota: Double?
  let identity: CPUIdentity
  let handle: TopologyHandle

  /// Discovers, reads or builds a topology; a few milliseconds for most machines.
  ///
  /// The affinity that counts is the one the process had when its first topology was loaded, so
  /// threads may be bound between two loads.
  public init(_ source: TopologySource = .live) throws(TopologyError) {
    let handle = try TopologyHandle.load(source)
    let isThisSystem = hwloc_topology_is_thissystem(handle.pointer) != 0
    let walk = TopologyWalk(
      handle.pointer, allowed: isThisSystem ? ProcessAffinity.initialProcessors : nil)
    guard let first = walk.cores.first else { throw .noProcessors(source) }

    self.source = source
    self.isThisSystem = isThisSystem
    packageCount = Set(walk.cores.map(\.package)).count
    numaNodes = walk.numaNodes
    cores = walk.cores
    caches = walk.caches
    kinds = walk.kinds
    lastCacheLevel = walk.lastCacheLevel
    cpuQuota = isThisSystem ? CPUQuota.ofThisProcess() : nil
    let leading = walk.cores.max { ($0.kind ?? 0) < ($1.kind ?? 0) } ?? first
    identity =
      isThisSystem
      ? CPUIdentity(processor: leading.operatingSystemProcessors[0])
      : CPUIdentity(attributes: walk.attributes(of: leading))
    self.handle = handle
  }

  /// Every processor the process may use, ascending by the system's number.
  public var allowedProcessors: [Int] { cores.flatMap(\.operatingSystemProcessors).sorted() }

  /// Cores of each last-level cache domain, in hwloc's order; `Core.cacheDomain` is the index.
  public var cacheDomains: [[Core]] {
    var domains: [[Core]] = []
    for core in cores {
      if core.cacheDomain == domains.count { domains.append([]) }
      domains[core.cacheDomain].append(core)
    }
    return domains
  }

  /// The topology as hwloc's XML, which `TopologySource.xml` and `lstopo -i` read back.
  public func exportXML() throws(TopologyError) -> String {
    var buffer: UnsafeMutablePointer<CChar>?
    var length: Int32 = 0
    guard hwloc_topology_export_xmlbuffer(handle.pointer, &buffer, &length, 0) == 0, let buffer
    else { throw .export(reason: TopologyHandle.reason(errno)) }
    defer { hwloc_free_xmlbuffer(handle.pointer, buffer) }
    return String(cString: buffer)
  }
}
