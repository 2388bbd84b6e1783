import DSCore
import DSKernels
import DSMachine
import DSMeasurement
import DSRuntime
import DSSchedule
import DSTuning
import FoundationEssentials

/// The roofs of this machine, measured once after every start of the system and kept until the next.
struct RoofCache: Codable {
  /// Which start of which machine, seen by which build, the roofs belong to.
  struct Origin: Codable, Equatable {
    /// Raised where something is measured in another way: what was kept before is then measured again.
    static let currentMethod = 2

    let method: Int
    let boot: String
    let cpu: String
    let topology: String
    let registry: String
    let instructionSet: InstructionSet
    let processors: [Int]
  }

  let origin: Origin
  let core: RoofMeasurement
  let crew: CrewRoofs

  /// The kept roofs, or new ones.
  ///
  /// - Parameters:
  ///   - isFresh: measures again whatever is kept.
  ///   - announce: called before a measurement.
  /// - Throws: `RuntimeError.threadRefused`, `.outOfMemory`.
  static func roofs(
    topology: Topology, instructionSet: InstructionSet, processors: [Int], isFresh: Bool = false,
    announce: () -> Void = {}
  ) throws(RuntimeError) -> RoofCache {
    let origin = Origin(
      method: Origin.currentMethod,
      boot: SystemFile.text("/proc/sys/kernel/random/boot_id") ?? "",
      cpu: topology.description.cpu, topology: topology.description.topologySignature,
      registry: Registry.standard.signature, instructionSet: instructionSet,
      processors: processors)
    let path = CacheFolder.path.map {
      "\($0)/roofs-\(instructionSet.rawValue)-\(processors.count).json"
    }
    // Without a name for this start of the system nothing can be known to belong to it.
    let isKept = !isFresh && !origin.boot.isEmpty
    if isKept, let path, let kept = read(path), kept.origin == origin { return kept }
    announce()
    let machine = MeasuredMachine(topology: topology, instructionSet: instructionSet)
    let kernels = FastKernelSet.all.last { $0.instructionSet <= instructionSet } ?? .all[0]
    let cache = RoofCache(
      origin: origin, core: machine.measurement,
      crew: try CrewRoofs(
        kernels, machine: machine.description,
        lastLevelBytes: topology.description.lastLevelCache?.byteCount ?? 32 << 20,
        processors: processors))
    if cache.isSteady, let path { cache.write(path) }
    return cache
  }

  /// Whether nothing disturbed the measurement: roofs taken on a busy machine, or with too little memory, are not to be kept.
  private var isSteady: Bool {
    guard let one = core.fmaGigaflopsPerCore, let all = crew.fmaGigaflops else { return false }
    let isWhole = crew.memoryGigabytesPerSecond != nil || core.memoryGigabytesPerSecond == nil
    return isWhole && core.warnings.isEmpty && all > 0.7 * one * Double(crew.workers)
  }

  private static func read(_ path: String) -> RoofCache? {
    guard let text = SystemFile.text(path),
      let kept = try? JSONDecoder().decode(RoofCache.self, from: Data(text.utf8))
    else { return nil }
    return kept.crew.workers == kept.origin.processors.count ? kept : nil
  }

  /// What cannot be kept is measured again next time.
  private func write(_ path: String) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    guard let data = try? encoder.encode(self) else { return }
    try? AtomicFile.replace(path, with: Array(data) + [UInt8(ascii: "\n")])
  }
}
