import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule

/// Random but legal: kernels for problems, and values for their parameters.
struct RandomChoice {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func index(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }

  /// Bands of a few rows for maps of any size, now and then; they are for maps larger than any here.
  mutating func bandLimits() -> BandLimits? {
    index(3) > 0
      ? nil
      : BandLimits(
        levels: [.init(mapBytes: 0)], ringBytes: 1 << (6 + index(12)),
        mostComputed: index(2) == 0 ? 1.05 : 4)
  }

  /// An entry for most of the network's problems and for some of its fused ones.
  mutating func schedule(
    for network: Network, _ machine: MachineDescription, _ instructionSet: InstructionSet,
    workers: Int
  ) throws -> Schedule {
    var entries: [String: ScheduleEntry] = [:]
    let layers = Set(network.layers.map(\.problem)).map { ($0, 8) }
    let groups = Set(network.fusionGroups.map(\.problem)).map { ($0, 5) }
    for (problem, tenths) in (layers + groups).sorted(by: { $0.0.key < $1.0.key })
    where index(10) < tenths {
      let own = 1 + index(workers)
      let kernels = Registry.standard.kernels(
        for: problem, upTo: instructionSet, workers: own)
      // Half of the time no rung that is there to be read: bits are only compared without them.
      let fast = kernels.filter { !$0.isReadable }
      let choices = index(2) == 0 && !fast.isEmpty ? fast : kernels
      if choices.isEmpty { continue }
      let kernel = choices[index(choices.count)]
      guard let values = values(of: kernel, problem, workers: own) else { continue }
      entries[problem.key] = ScheduleEntry(
        problem: problem.key, kernel: kernel.id, compatibility: kernel.compatibility,
        parameters: kernel.named(values), cores: CorePattern(cores: own).description,
        state: .predicted, microseconds: MeasuredInterval())
    }
    return Schedule(
      network: NetworkIdentity(
        name: network.name, width: network.width, resolution: network.resolution,
        batch: network.batch),
      tool: ToolIdentity(
        version: ToolIdentity.packageVersion, registry: Registry.standard.signature),
      machine: MachineIdentity(machine), threads: workers, instructionSetLimit: instructionSet,
      entries: entries.keys.sorted().compactMap { entries[$0] })
  }

  /// Values that a tuner would try, or any legal ones of a small problem's size.
  private mutating func values(
    of kernel: Kernel, _ problem: Problem, workers: Int
  ) -> KernelParameters? {
    let candidates = kernel.candidates(.init(problem: problem, workers: workers))
    if index(2) == 0, !candidates.isEmpty { return candidates[index(candidates.count)] }
    for _ in 0..<50 {
      var named: [String: Int] = [:]
      for axis in kernel.parameters {
        let last = min(axis.legal.upperBound, max(axis.legal.lowerBound, 20))
        named[axis.name] = Int.random(in: axis.legal.lowerBound...last, using: &generator)
      }
      if let values = try? kernel.values(named: named) { return values }
    }
    return candidates.first
  }
}
