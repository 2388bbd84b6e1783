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
  /// Which start of which machine the roofs belong to.
  struct Origin: Codable, Equatable {
    /// Raised where something is measured in another way: what was kept before is then measured again.
    static let currentMethod = 3

    let method: Int
    let boot: String
    let cpu: String
    let topology: String
    let instructionSet: InstructionSet
    let processors: [Int]
  }

  /// Roofs that something disturbed are measured again by the next commands that find the machine at rest, so often in all.
  private static let mostMeasurements = 3

  let origin: Origin
  let core: RoofMeasurement
  let crew: CrewRoofs
  /// How often they were measured until now.
  private(set) var measurements = 1

  /// The kept roofs, or new ones.
  ///
  /// - Parameters:
  ///   - isFresh: measures again whatever is kept.
  ///   - isBusy: whether the machine has other work now, so that another measurement would be no better than the kept one.
  ///   - announce: called before a measurement.
  /// - Throws: `RuntimeError.threadRefused`, `.outOfMemory`.
  static func roofs(
    topology: Topology, instructionSet: InstructionSet, processors: [Int], isFresh: Bool = false,
    isBusy: Bool = false, announce: () -> Void = {}
  ) throws(RuntimeError) -> RoofCache {
    let origin = Origin(
      method: Origin.currentMethod,
      boot: SystemFile.text("/proc/sys/kernel/random/boot_id") ?? "",
      cpu: topology.description.cpu, topology: topology.description.topologySignature,
      instructionSet: instructionSet, processors: processors)
    let path = CacheFolder.path.map {
      "\($0)/roofs-\(instructionSet.rawValue)-\(processors.count).json"
    }
    // Without a name for this start of the system nothing can be known to belong to it.
    let isKept = !isFresh && !origin.boot.isEmpty
    let kept = isKept ? path.flatMap(read).flatMap { $0.origin == origin ? $0 : nil } : nil
    if let kept, kept.isSteady || isBusy || kept.measurements >= mostMeasurements { return kept }
    announce()
    let machine = MeasuredMachine(topology: topology, instructionSet: instructionSet)
    let kernels = FastKernelSet.all.last { $0.instructionSet <= instructionSet } ?? .all[0]
    var cache = RoofCache(
      origin: origin, core: machine.measurement,
      crew: try CrewRoofs(
        kernels, machine: machine.description,
        lastLevelBytes: topology.description.lastLevelCache?.byteCount ?? 32 << 20,
        processors: processors))
    // Roofs are what was reached at best.
    if let kept, !cache.isSteady, (kept.crew.fmaGigaflops ?? 0) > (cache.crew.fmaGigaflops ?? 0) {
      cache = kept
    }
    cache.measurements = 1 + (kept?.measurements ?? 0)
    if let path { cache.write(path) }
    return cache
  }

  /// Whether nothing disturbed the measurement: roofs taken on a busy machine, or with too little memory, are not to be kept.
  private var isSteady: Bool {
    guard let one = core.fmaGigaflopsPerCore, let all = crew.fmaGigaflops else { return false }
    let isWhole = crew.memoryGigabytesPerSecond != nil || core.memoryGigabytesPerSecond == nil
    return isWhole && core.warnings.isEmpty && all > 0.7 * one * Double(crew.workers)
  }

  private static func read(_ path: String) -> RoofCache? {
    // Strictly first: of two equal keys the decoder takes either.
    guard FileTarget.isRegularFile(path), let text = SystemFile.text(path),
      (try? JSONValue(parsing: text.utf8)) != nil,
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
