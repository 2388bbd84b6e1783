import CHwloc
import DSCore

/// What was understood of a machine, for people (`text()`) and for programs (`Codable`).
public struct TopologyReport: Hashable, Sendable, Codable {
  /// Equal caches of one level, with what was measured of that level.
  public struct CacheRow: Hashable, Sendable, Codable {
    public var level: Int
    public var count: Int
    public var byteCount: Int
    public var lineBytes: Int
    /// Ways; 0 where unknown.
    public var associativity: Int
    public var sharedByCores: Int
    public var measuredBytes: Int?
    public var latencyNanoseconds: Double?
    public var gigabytesPerSecond: Double?
  }

  /// Equal cores.
  public struct CoreRow: Hashable, Sendable, Codable {
    public var kind: Int?
    public var count: Int
    public var processorsPerCore: Int
    public var attributes: [String: String]
  }

  public struct CoreSetRow: Hashable, Sendable, Codable {
    public var pattern: String
    public var workers: Int
    /// As the system numbers them, in the order of the workers: "0,2,4-7".
    public var processors: String
  }

  public var source: String
  public var isThisSystem: Bool
  /// Version of hwloc's interface.
  public var hwloc: String
  public var cpu: String
  public var modelName: String
  public var instructionSet: InstructionSet
  public var features: [String]
  /// The machine in the schedule's words.
  public var signature: String
  public var packages: Int
  public var numaNodes: [Topology.NUMANode]
  public var cores: Int
  public var processors: Int
  public var allowedProcessors: String
  /// In cores; `nil` without a limit.
  public var cpuQuota: Double?
  public var coreRows: [CoreRow]
  public var lastCacheLevel: Int
  public var cacheDomains: Int
  public var caches: [CacheRow]
  public var coreSets: [CoreSetRow]
  public var measurement: RoofMeasurement?
  /// A sentence for everything to know before trusting a measurement on this machine.
  public var warnings: [String]

  public init(_ topology: Topology, measurement: RoofMeasurement? = nil) {
    let machine = topology.description
    source = topology.source.description
    isThisSystem = topology.isThisSystem
    hwloc = Self.hwlocVersion
    cpu = machine.cpu
    modelName = machine.modelName
    instructionSet = machine.instructionSet
    features = machine.features
    signature = machine.topologySignature
    packages = topology.packageCount
    numaNodes = topology.numaNodes
    cores = machine.cores
    processors = machine.processingUnits
    allowedProcessors = Self.ranges(topology.allowedProcessors)
    cpuQuota = topology.cpuQuota
    coreRows = Self.coreRows(topology)
    lastCacheLevel = topology.lastCacheLevel
    cacheDomains = topology.cacheDomains.count
    caches = Self.cacheRows(topology, machine, measurement)
    coreSets = topology.coreSets(maximumWorkers: machine.processingUnits).map {
      CoreSetRow(
        pattern: $0.pattern.description, workers: $0.processors.count,
        processors: Self.ranges($0.processors))
    }
    self.measurement = measurement
    warnings = Self.warnings(topology, machine, measurement)
  }

  /// Of the interface the library that runs has, "2.8.0".
  static var hwlocVersion: String {
    let version = hwloc_get_api_version()
    return "\(version >> 16).\(version >> 8 & 255).\(version & 255)"
  }
}

// MARK: - Rows

extension TopologyReport {
  private static func coreRows(_ topology: Topology) -> [CoreRow] {
    struct Alike: Hashable {
      var kind: Int
      var processors: Int
    }
    let groups = Dictionary(grouping: topology.cores) {
      Alike(kind: $0.kind ?? -1, processors: $0.operatingSystemProcessors.count)
    }
    return groups.sorted {
      ($0.key.kind, $0.key.processors) > ($1.key.kind, $1.key.processors)
    }.map { alike, cores in
      CoreRow(
        kind: cores.first?.kind, count: cores.count, processorsPerCore: alike.processors,
        attributes: topology.kinds.indices.contains(alike.kind)
          ? topology.kinds[alike.kind].attributes : [:])
    }
  }

  /// Equal caches in one row; the measurement stands beside the size the plans start from.
  private static func cacheRows(
    _ topology: Topology, _ machine: MachineDescription, _ measurement: RoofMeasurement?
  ) -> [CacheRow] {
    var rows: [CacheRow] = []
    for cache in topology.caches {
      let row = CacheRow(
        level: cache.level, count: 0, byteCount: cache.byteCount, lineBytes: cache.lineBytes,
        associativity: cache.associativity, sharedByCores: cache.cores.count)
      let index =
        rows.firstIndex { candidate in
          var alike = candidate
          alike.count = 0
          return alike == row
        } ?? rows.endIndex
      if index == rows.endIndex { rows.append(row) }
      rows[index].count += 1
    }
    for level in measurement?.levels ?? [] {
      let planned = machine.cache(level: level.level)?.byteCount
      guard
        let index = rows.firstIndex(where: {
          $0.level == level.level && $0.byteCount == planned
        })
      else { continue }
      rows[index].measuredBytes = level.measuredBytes
      rows[index].latencyNanoseconds = level.latencyNanoseconds
      rows[index].gigabytesPerSecond = level.gigabytesPerSecond
    }
    return rows
  }

  private static func warnings(
    _ topology: Topology, _ machine: MachineDescription, _ measurement: RoofMeasurement?
  ) -> [String] {
    var warnings: [String] = []
    if !topology.isThisSystem {
      warnings.append("\(topology.source) is not this machine: nothing can be bound or measured")
    }
    if let quota = topology.cpuQuota, quota < Double(machine.cores) {
      warnings.append(
        "the cgroup grants \(DecimalText.rounded(quota, places: 2)) of \(machine.cores) cores; "
          + "more threads than that are throttled, so raise the quota or use fewer")
    }
    if machine.caches.isEmpty {
      warnings.append("hwloc knows no cache sizes here; measure them, or plans assume nothing")
    }
    return warnings + (measurement?.warnings ?? []) + (measurement?.disagreements ?? [])
  }

  /// "0-3,8,10-11", in the order given.
  private static func ranges(_ processors: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for processor in processors {
      if let last = runs.last, last.upperBound + 1 == processor {
        runs[runs.count - 1] = last.lowerBound...processor
      } else {
        runs.append(processor...processor)
      }
    }
    return runs.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ",")
  }
}
