import CSystem
import DSCore
import DSKernels

/// The machine this process runs on, from CPUID and the kernel's own files: no hwloc, a few milliseconds on the
/// largest machines.
///
/// Sees what the schedule's topology signature says, no more; `DSMachine` knows the rest.
public struct LiveMachine: Sendable {
  public let description: MachineDescription
  /// The first allowed processor of each core the process may use, in the order in which threads are bound:
  /// the fastest kind of core first, one last-level cache after the other.
  public let processors: [Int]
  /// Which last-level cache each of these cores uses, counted from 0.
  public let cacheDomains: [Int]

  /// Read once a process.
  public static let current = LiveMachine(
    systemRoot: "/sys/devices/system", allowed: allowedProcessors)

  /// - Parameters:
  ///   - systemRoot: where the kernel describes processors and memory nodes.
  ///   - allowed: the processors this process may use.
  package init(systemRoot: String, allowed: Set<Int>) {
    let files = SystemFiles(root: systemRoot)
    let fast = Set(files.processors("../cpu_core/cpus") ?? [])
    var seen: Set<Int> = []
    var cores: [LiveCore] = []
    for processor in allowed.sorted() where !seen.contains(processor) {
      let siblings = files.processors("cpu/cpu\(processor)/topology/thread_siblings_list") ?? []
      let own = Set(siblings + [processor]).intersection(allowed)
      seen.formUnion(own)
      cores.append(LiveCore(own.sorted(), fastProcessors: fast, files))
    }
    if cores.isEmpty { cores = [LiveCore([0], fastProcessors: fast, files)] }
    cores.sort(by: LiveCore.isFilled)
    processors = cores.map { $0.processors[0] }
    var domains: [Int: Int] = [:]
    cacheDomains = cores.map { core in
      let number = domains[core.cacheDomain] ?? domains.count
      domains[core.cacheDomain] = number
      return number
    }
    description = MachineDescription(
      cpu: Self.cpu(of: processors[0]), instructionSet: Registry.bestInstructionSet,
      packages: Set(cores.map(\.package)).count, numaNodes: files.memoryNodes(of: allowed),
      cores: cores.count, processingUnits: cores.reduce(0) { $0 + $1.processors.count },
      caches: (1...5).compactMap { MachineDescription.Cache(level: $0, above: cores) })
  }

  private static var allowedProcessors: Set<Int> {
    var allowed = [Int32](repeating: 0, count: Int(CS_MAXIMUM_CPUS))
    let count = max(0, Int(cs_affinity_get(&allowed, CS_MAXIMUM_CPUS)))
    return Set(allowed.prefix(count).map(Int.init))
  }

  private static func cpu(of processor: Int) -> String {
    let cpu = LocalCPU.current
    // /proc/cpuinfo takes the kernel long on large machines: only where CPUID says nothing.
    let information =
      cpu.vendor == ProcessorInformation.unknown
      ? ProcessorInformation(processor: processor, in: SystemFile.read("/proc/cpuinfo") ?? "") : nil
    return information?.armIdentity ?? "\(cpu.vendor)/\(cpu.family)/\(cpu.model)"
  }
}
