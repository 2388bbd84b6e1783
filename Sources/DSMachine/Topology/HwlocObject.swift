import CHwloc

/// One object of hwloc's tree, in Swift's words; valid as long as its topology is.
struct HwlocObject: Hashable {
  let pointer: UnsafeMutablePointer<hwloc_obj>

  var type: hwloc_obj_type_t { pointer.pointee.type }

  /// From the parent up to the machine.
  var ancestors: some Sequence<HwlocObject> {
    sequence(state: pointer.pointee.parent) { next in
      defer { next = next?.pointee.parent }
      return next.map { HwlocObject(pointer: $0) }
    }
  }

  /// The data and unified caches above a core, the first level first.
  var caches: [HwlocObject] {
    ancestors.filter { $0.cacheAttributes != nil }.sorted { $0.cacheLevel < $1.cacheLevel }
  }

  var cacheLevel: Int { Int(cacheAttributes?.depth ?? 0) }

  var cacheAttributes: hwloc_cache_attr_s? {
    guard hwloc_obj_type_is_dcache(type) != 0 else { return nil }
    return pointer.pointee.attr?.pointee.cache
  }

  /// The system's number of the first memory node next to it: ordinary memory comes before
  /// high-bandwidth or attached memory there.
  var nearestNode: Int {
    let first = pointer.pointee.nodeset.map { hwloc_bitmap_first($0) } ?? -1
    return max(0, Int(first))
  }

  func kind(in topology: hwloc_topology_t) -> Int? {
    let index = hwloc_cpukinds_get_by_cpuset(topology, pointer.pointee.cpuset, 0)
    return index >= 0 ? Int(index) : nil
  }

  var attributes: [String: String] {
    Self.dictionary(pointer.pointee.infos, count: Int(pointer.pointee.infos_count))
  }

  static func dictionary(_ infos: UnsafeMutablePointer<hwloc_info_s>?, count: Int) -> [String:
    String]
  {
    var values: [String: String] = [:]
    for info in UnsafeBufferPointer(start: infos, count: infos == nil ? 0 : count) {
      guard let name = info.name, let value = info.value else { continue }
      values[String(cString: name)] = String(cString: value)
    }
    return values
  }
}
