/// One element of a topology file, and what hwloc takes for granted of it.
struct TopologyElement {
  private let name: String
  private let attributes: [String: String]
  private let version: TopologyVersion
  private let machineHasNodes: Bool?

  /// - Parameter machineHasNodes: `hasNodes` of the object around all others; `nil` for that one itself.
  init(
    _ name: String, _ attributes: [String: String], version: TopologyVersion,
    machineHasNodes: Bool?
  ) {
    self.name = name
    self.attributes = attributes
    self.version = version
    self.machineHasNodes = machineHasNodes
  }

  /// Whether it says on which memory nodes it lies.
  var hasNodes: Bool { attributes["nodeset"] != nil || attributes["complete_nodeset"] != nil }

  /// Hardware beside processors and memory: has no sets of its own.
  private static let devices: Set = ["Bridge", "PCIDev", "OSDev", "Misc"]
  private static let types: Set = [
    "Machine", "Package", "Die", "Core", "PU", "Group", "NUMANode", "MemCache", "L1Cache",
    "L2Cache",
    "L3Cache", "L4Cache", "L5Cache", "L1iCache", "L2iCache", "L3iCache",
  ]
  /// What never is around everything else.
  private static let inside = devices.union(["MemCache", "PU"])
  private static let oldTypes: Set = ["System", "Socket", "Node", "Cache", "Tile", "Module"]
  private static let sets = ["cpuset", "complete_cpuset", "nodeset", "complete_nodeset"]
  /// Of a matrix of distances.
  private static let mostDistances = 4096

  /// A sentence that names the element; `nil` where nothing is wrong.
  var fault: String? {
    for (key, value) in attributes.sorted(by: { $0.key < $1.key }) where key.hasSuffix("set") {
      if TopologySet(value) == nil { return "\(key) \"\(value.prefix(40))\" of \(title) is no set" }
    }
    if let text = attributes["nbobjs"] {
      guard let count = Int(text), (0...Self.mostDistances).contains(count) else {
        return "<\(name)> of \"\(text)\" objects; it may have \(Self.mostDistances)"
      }
    }
    return name == "object" ? objectFault : nil
  }

  /// "NUMANode 0"
  private var title: String {
    guard name == "object" else { return "<\(name)>" }
    return (attributes["type"] ?? "an object") + (attributes["os_index"].map { " \($0)" } ?? "")
  }

  private var objectFault: String? {
    guard let type = attributes["type"] else { return "an object has no type" }
    let isOld = version.major < 2
    guard
      Self.types.contains(type) || Self.devices.contains(type)
        || isOld && Self.oldTypes.contains(type)
    else { return "there is no object of type \"\(type)\"" }
    if type == "Cache", !isCache { return "\(title) has no depth and cache_type that go together" }
    if machineHasNodes == nil, Self.inside.contains(type) {
      return "\(title) is no machine, and all other objects are inside of it"
    }
    if hasNodes, machineHasNodes == false {
      return "\(title) has a nodeset and the machine around it has none"
    }
    let missing =
      Self.devices.contains(type) ? nil : isOld ? missingInOldFile(type) : missing(Self.sets)
    return missing.map { "\(title) has no \($0)" } ?? setFault(type)
  }

  private func set(_ name: String) -> TopologySet? { attributes[name].flatMap(TopologySet.init) }

  /// Of sets that are there and contradict each other.
  private func setFault(_ type: String) -> String? {
    for (some, all) in [("cpuset", "complete_cpuset"), ("nodeset", "complete_nodeset")] {
      guard let own = set(some), let complete = set(all) else { continue }
      if !own.isSubset(of: complete) { return "\(some) of \(title) is not inside of its \(all)" }
    }
    if machineHasNodes == nil, set("cpuset")?.isEmpty ?? true {
      return "\(title) has no processors"
    }
    let numbered = ["PU": "complete_cpuset", "NUMANode": "complete_nodeset"][type]
    guard let numbered else { return nil }
    guard let index = attributes["os_index"].flatMap({ Int($0) }),
      (0..<TopologySet.indexLimit).contains(index)
    else { return "\(title) has no os_index below \(TopologySet.indexLimit)" }
    return set(numbered)?.contains(index) == true ? nil : "\(title) is not in its own \(numbered)"
  }

  private func missing(_ sets: [String]) -> String? { sets.first { attributes[$0] == nil } }

  /// Before version 2 sets of memory nodes were optional, and groups could have some sets without the others.
  private func missingInOldFile(_ type: String) -> String? {
    if type == "NUMANode" { return missing(Self.sets) }
    if type == "Group" { return missing(["cpuset"]) }
    return missing(hasNodes ? Self.sets : Array(Self.sets.prefix(2)))
  }

  /// Data and unified caches have five levels, instruction caches three.
  private var isCache: Bool {
    let kind = attributes["cache_type"] ?? "0"
    let deepest = ["0": 5, "1": 5, "2": 3][kind] ?? 0
    return attributes["depth"].flatMap { Int($0) }.map { $0 >= 1 && $0 <= deepest } ?? false
  }
}
