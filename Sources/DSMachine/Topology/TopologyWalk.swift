import CHwloc

/// Reads what matters out of hwloc's tree of objects, once.
struct TopologyWalk {
  let cores: [Topology.Core]
  let caches: [Topology.Cache]
  let numaNodes: [Topology.NUMANode]
  let kinds: [Topology.CoreKind]
  let lastCacheLevel: Int
  private let topology: hwloc_topology_t
  private let objects: [HwlocObject]

  /// - Parameter allowed: the processors to keep, of those hwloc reports; `nil` keeps all.
  init(_ topology: hwloc_topology_t, allowed: Set<Int>?) {
    let found = Self.coreObjects(topology, allowed: allowed)
    let kinds = Self.coreKinds(topology)
    let lastLevel = found.flatMap { $0.object.caches.map(\.cacheLevel) }.max() ?? 3
    self.topology = topology
    self.kinds = kinds
    objects = found.map(\.object)
    lastCacheLevel = lastLevel
    cores = Self.numberedCores(
      found, lastLevel: lastLevel,
      kind: { object in kinds.isEmpty ? nil : object.kind(in: topology) })
    caches = Self.caches(above: objects)
    numaNodes = Self.nodes(of: cores, in: topology)
  }

  /// What hwloc wrote beside the core's kind, its package and the machine.
  func attributes(of core: Topology.Core) -> [String: String] {
    let package = objects[core.logicalIndex].ancestors.first { $0.type == HWLOC_OBJ_PACKAGE }
    let machine = hwloc_get_root_obj(topology).map { HwlocObject(pointer: $0).attributes } ?? [:]
    let kind = core.kind.map { kinds[$0].attributes } ?? [:]
    return machine.merging(package?.attributes ?? [:]) { $1 }.merging(kind) { $1 }
  }
}

// MARK: - Cores

extension TopologyWalk {
  /// What makes two cores members of one last-level domain.
  private enum Domain: Hashable {
    case cache(HwlocObject)
    case numaNode(Int)
  }

  /// Gives consecutive numbers to keys in the order they appear.
  private struct Numbering<Key: Hashable> {
    private var numbers: [Key: Int] = [:]

    mutating func callAsFunction(_ key: Key) -> Int {
      if let number = numbers[key] { return number }
      numbers[key] = numbers.count
      return numbers.count - 1
    }
  }

  /// Objects of cores that have a usable processor, with those processors. Where hwloc knows no
  /// cores (bare synthetic machines, some virtual ones), every processor counts as one.
  private static func coreObjects(
    _ topology: hwloc_topology_t, allowed: Set<Int>?
  ) -> [(object: HwlocObject, processors: [Int])] {
    var found: [(object: HwlocObject, processors: [Int])] = []
    let permitted = hwloc_topology_get_allowed_cpuset(topology)
    for index in 0..<max(0, hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU)) {
      guard
        let pointer = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PU, UInt32(index))
      else { continue }
      let processor = Int(pointer.pointee.os_index)
      guard permitted == nil || hwloc_bitmap_isset(permitted, pointer.pointee.os_index) != 0,
        allowed?.contains(processor) ?? true
      else { continue }
      let unit = HwlocObject(pointer: pointer)
      let core = unit.ancestors.first { $0.type == HWLOC_OBJ_CORE } ?? unit
      if found.last?.object == core {
        found[found.count - 1].processors.append(processor)
      } else {
        found.append((core, [processor]))
      }
    }
    return found
  }

  private static func numberedCores(
    _ found: [(object: HwlocObject, processors: [Int])], lastLevel: Int,
    kind: (HwlocObject) -> Int?
  ) -> [Topology.Core] {
    var domains = Numbering<Domain>()
    var packages = Numbering<HwlocObject?>()
    return found.enumerated().map { index, core in
      let caches = core.object.caches
      let last = caches.first { $0.cacheLevel == lastLevel } ?? caches.last
      let node = core.object.nearestNode
      return Topology.Core(
        logicalIndex: index, operatingSystemProcessors: core.processors,
        kind: kind(core.object), cacheDomain: domains(last.map { .cache($0) } ?? .numaNode(node)),
        numaNode: node,
        package: packages(core.object.ancestors.first { $0.type == HWLOC_OBJ_PACKAGE }))
    }
  }

  /// The kinds hwloc could rank by speed; none where all cores are alike or nothing tells them apart.
  private static func coreKinds(_ topology: hwloc_topology_t) -> [Topology.CoreKind] {
    let count = hwloc_cpukinds_get_nr(topology, 0)
    guard count > 1 else { return [] }
    var kinds: [Topology.CoreKind] = []
    for index in 0..<count {
      var efficiency: Int32 = -1
      var attributeCount: UInt32 = 0
      var attributes: UnsafeMutablePointer<hwloc_info_s>?
      guard
        hwloc_cpukinds_get_info(
          topology, UInt32(index), nil, &efficiency, &attributeCount, &attributes, 0) == 0,
        efficiency >= 0
      else { return [] }
      kinds.append(
        Topology.CoreKind(
          index: Int(index),
          attributes: HwlocObject.dictionary(attributes, count: Int(attributeCount))))
    }
    return kinds
  }
}

// MARK: - Memory

extension TopologyWalk {
  private static func caches(above cores: [HwlocObject]) -> [Topology.Cache] {
    var order: [HwlocObject] = []
    var users: [HwlocObject: [Int]] = [:]
    for (index, core) in cores.enumerated() {
      for cache in core.caches {
        if users[cache] == nil { order.append(cache) }
        users[cache, default: []].append(index)
      }
    }
    let caches = order.compactMap { object in
      object.cacheAttributes.map { attributes in
        // hwloc says -1 for a fully associative cache.
        let line = Int(attributes.linesize)
        let ways = Int(attributes.associativity)
        // A file may say anything, and sizes are multiplied.
        let byteCount = Int(min(attributes.size, 1 << 40))
        let everyLine = line > 0 ? byteCount / line : 0
        return Topology.Cache(
          level: Int(attributes.depth), byteCount: byteCount,
          lineBytes: line, associativity: ways < 0 ? everyLine : ways, cores: users[object] ?? [])
      }
    }
    // Each core names its caches from the first level up, so a stable sort keeps hwloc's order.
    return (1...5).flatMap { level in caches.filter { $0.level == level } }
  }

  private static func nodes(
    of cores: [Topology.Core], in topology: hwloc_topology_t
  ) -> [Topology.NUMANode] {
    var memory: [Int: Int] = [:]
    for index in 0..<max(0, hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_NUMANODE)) {
      guard let node = hwloc_get_obj_by_type(topology, HWLOC_OBJ_NUMANODE, UInt32(index)) else {
        continue
      }
      memory[Int(node.pointee.os_index)] =
        node.pointee.attr.map { Int(clamping: $0.pointee.numanode.local_memory) }
    }
    return Dictionary(grouping: cores, by: \.numaNode).sorted { $0.key < $1.key }.map {
      Topology.NUMANode(
        operatingSystemIndex: $0.key, memoryBytes: memory[$0.key] ?? 0,
        cores: $0.value.map(\.logicalIndex))
    }
  }
}
