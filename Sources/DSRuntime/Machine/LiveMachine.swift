import CSystem
import DSCore
import DSKernels
import Glibc

/// The machine this process runs on, from CPUID and the kernel's own files: no hwloc, under a millisecond.
///
/// Sees what the schedule's topology signature says, no more; `DSMachine` knows the rest.
public struct LiveMachine: Sendable {
  public let description: MachineDescription
  /// The first allowed processor of each core the process may use, in the system's order.
  public let processors: [Int]

  /// Read once a process.
  public static let current = LiveMachine(systemRoot: "/sys/devices/system")

  init(systemRoot: String) {
    var allowed = [Int32](repeating: 0, count: Int(CS_MAXIMUM_CPUS))
    let count = max(0, Int(cs_affinity_get(&allowed, CS_MAXIMUM_CPUS)))
    let files = SystemFiles(root: systemRoot)
    let allowedSet = Set(allowed.prefix(count).map(Int.init))
    var cores: [[Int]] = []
    for cpu in allowedSet.sorted() where !cores.joined().contains(cpu) {
      let siblings = files.processors("cpu/cpu\(cpu)/topology/thread_siblings_list") ?? [cpu]
      cores.append(siblings.filter(allowedSet.contains))
    }
    if cores.isEmpty { cores = [[0]] }
    processors = cores.map { $0[0] }
    let nodes = files.processors("node/online")?.count ?? 1
    let packages = Set(
      processors.map { files.integer("cpu/cpu\($0)/topology/physical_package_id") ?? 0 })

    var vendor = [CChar](repeating: 0, count: 13)
    var family: Int32 = 0
    var model: Int32 = 0
    cs_cpu_identity(&vendor, &family, &model)
    let name = String(decoding: vendor.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    description = MachineDescription(
      cpu: "\(name)/\(family)/\(model)", instructionSet: Registry.bestInstructionSet,
      packages: packages.count, numaNodes: max(1, nodes), cores: cores.count,
      processingUnits: cores.joined().count, caches: files.caches(of: cores))
  }
}

/// The few files of /sys that describe processors and caches.
private struct SystemFiles {
  let root: String

  func text(_ path: String) -> String? {
    guard let file = fopen("\(root)/\(path)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: line, as: UTF8.self)
  }

  func integer(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

  /// "0-2,5" → [0, 1, 2, 5].
  func processors(_ path: String) -> [Int]? {
    guard let list = text(path), !list.isEmpty else { return nil }
    var result: [Int] = []
    for part in list.split(separator: ",") {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else {
        return nil
      }
      result += first...last
    }
    return result
  }

  /// Data and unified caches above the given cores.
  func caches(of cores: [[Int]]) -> [MachineDescription.Cache] {
    var found: [Int: (cache: MachineDescription.Cache, instances: Set<[Int]>)] = [:]
    for core in cores {
      for index in 0..<8 {
        let folder = "cpu/cpu\(core[0])/cache/index\(index)"
        guard let level = integer("\(folder)/level"), text("\(folder)/type") != "Instruction",
          let size = text("\(folder)/size").flatMap(Self.byteCount)
        else { continue }
        let shared = processors("\(folder)/shared_cpu_list") ?? core
        let sharing = cores.count { shared.contains($0[0]) }
        var cache = MachineDescription.Cache(
          level: level, byteCount: size,
          lineBytes: integer("\(folder)/coherency_line_size") ?? 64,
          associativity: integer("\(folder)/ways_of_associativity") ?? 0,
          sharedByCores: max(1, sharing))
        var instances = found[level]?.instances ?? []
        instances.insert(shared)
        cache.count = instances.count
        found[level] = (cache, instances)
      }
    }
    return found.values.map(\.cache).sorted { $0.level < $1.level }
  }

  /// "32K" → 32768.
  private static func byteCount(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last, let unit = units[last] else { return Int(text) }
    return Int(text.dropLast()).flatMap { $0 > 0 && $0 < 1 << 31 ? $0 * unit : nil }
  }
}
