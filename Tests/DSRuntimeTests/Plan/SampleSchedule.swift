import DSCore
import DSKernels
import DSNetworks
import DSSchedule

/// A schedule as tuning would leave it for a machine, and that machine.
struct SampleSchedule {
  static let machine = MachineDescription(
    cpu: "AuthenticAMD/26/2", instructionSet: .avx512, cores: 4, processingUnits: 4,
    caches: [
      .init(level: 1, byteCount: 48 << 10), .init(level: 2, byteCount: 1 << 20),
      .init(level: 3, byteCount: 32 << 20, sharedByCores: 4),
    ])

  let network: Network
  var schedule: Schedule

  /// The cost model's choice for every layer and every block of MobileNet v1.
  init(workers: Int = 2) throws {
    self.init(try SampleNetworks.smallest(.mobileNetV1), Self.machine, workers: workers)
  }

  init(_ network: Network, _ machine: MachineDescription, workers: Int) {
    self.network = network
    let choices = CostModel(machine: machine).choices(
      Set(network.problems.map(\.problem) + network.fusionGroups.map(\.problem)),
      upTo: machine.instructionSet, workers: workers)
    schedule = Schedule(
      network: NetworkIdentity(
        name: network.name, width: network.width, resolution: network.resolution,
        batch: network.batch),
      tool: ToolIdentity(version: "1.0.0", registry: Registry.standard.signature),
      machine: MachineIdentity(machine), threads: workers,
      entries: choices.map { problem, choice in
        ScheduleEntry(
          problem: problem.key, kernel: choice.kernel.id,
          compatibility: choice.kernel.compatibility,
          parameters: choice.kernel.named(choice.values),
          cores: CorePattern(cores: choice.workers).description, state: .measured,
          microseconds: MeasuredInterval(median: 1, low: 1, high: 1, samples: 9))
      })
  }

  static let pointwiseKey = "pointwise 2x2x128->128 relu6 f32"

  /// The schedule with nothing but the entry for one pointwise problem, changed by `edit`.
  func single(_ edit: (inout ScheduleEntry) -> Void = { _ in }) -> Schedule {
    var changed = schedule
    changed.entries = schedule.entries.filter { $0.problem == Self.pointwiseKey }
    precondition(changed.entries.count == 1, "the sample has no entry for \(Self.pointwiseKey)")
    edit(&changed.entries[0])
    return changed
  }
}
