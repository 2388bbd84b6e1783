import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import TestSupport
import Testing

@Suite("Maps in slices")
struct RowSlicesTests {
  private static func parts(
    _ network: Network, workers: Int, bandLimits: BandLimits? = nil, isFused: Bool = false
  ) throws -> NetworkParts {
    try NetworkParts(
      unweighted: NetworkPlan(
        network, workers: workers, bandLimits: bandLimits, fusing: { _ in isFused }))
  }

  /// Of two cores with so much L2.
  private static func parts(
    _ network: Network, _ machine: (InstructionSet, l2KiB: Int), bandLimits: BandLimits? = nil
  ) throws -> NetworkParts {
    let description = MachineDescription(
      cpu: "AuthenticAMD/25/1", instructionSet: machine.0, cores: 2, processingUnits: 2,
      caches: [
        .init(level: 1, byteCount: 32 << 10), .init(level: 2, byteCount: machine.l2KiB << 10),
        .init(level: 3, byteCount: 32 << 20, sharedByCores: 2),
      ])
    return try NetworkParts(
      unweighted: NetworkPlan(
        network, choices: [:], model: CostModel(machine: description), instructionSet: machine.0,
        workers: 2, bandLimits: bandLimits))
  }

  /// As pays on the machine, and with all maps stored.
  private static let bandLimits: [BandLimits?] = [nil, .never]

  private static let machines: [(InstructionSet, l2KiB: Int)] = [
    (.avx2, 512), (.avx2, 1024), (.avx512, 512), (.avx512, 1024),
  ]

  @Test(
    "Even maps of the MobileNets are cut, odd and small ones lie in one piece",
    arguments: machines, bandLimits)
  func whichAreCut(machine: (InstructionSet, l2KiB: Int), bandLimits: BandLimits?) throws {
    for model in [Model.mobileNetV1, .mobileNetV2] {
      let parts = try Self.parts(Network(model: model), machine, bandLimits: bandLimits)
      for (step, layouts) in zip(parts.plan.steps, parts.ownLayouts)
      where step.problem.operation == .depthwise {
        #expect((layouts != nil) == (step.problem.output.height >= 14), "\(step.name)")
      }
      #expect(try Self.parts(Network(model: model), workers: 1).slices.isEmpty)
      #expect(
        try Self.parts(SampleNetworks.smallest(model, batch: 2), workers: 2).slices.isEmpty)
    }
  }

  @Test(
    "Slices make up the map, and each has the rows that its worker's windows reach",
    arguments: Model.allCases, [2, 3, 4])
  func slicesAreComplete(model: Model, workers: Int) throws {
    for isFused in [false, true] {
      let parts = try Self.parts(Network(model: model), workers: workers, isFused: isFused)
      for (index, map) in parts.slices.maps.enumerated() {
        guard let map else { continue }
        #expect(
          map.flatMap { Array($0.own) } == Array(0..<parts.steps[index].problem.output.height))
        for worker in map.indices {
          let slice = map[worker]
          #expect(slice.layout.shape.height == slice.stored.count)
          #expect(slice.stored.clamped(to: slice.own) == slice.own)
          for (reader, step) in parts.plan.steps.enumerated() where step.input == index {
            let needed = parts.steps[reader].inputRows(ofOutput: parts.computedRows(reader, worker))
            #expect(slice.stored.clamped(to: needed) == needed)
          }
        }
      }
    }
  }

  /// Where a map lies is where it is alone until its last reader; and no slice or ring where another worker's ever is. All that
  /// a chain writes and reads is there from its first step to its last.
  @Test("Nobody's slice or ring takes another's place", arguments: Model.allCases, [1, 2, 3, 4])
  func places(model: Model, workers: Int) throws {
    for bandLimits in [BandLimits.never, BandedChainTests.always(ringBytes: 0)] {
      try expectSoundPlaces(
        NetworkParts(
          unweighted: NetworkPlan(
            Network(model: model), workers: workers, bandLimits: bandLimits, fusing: { _ in false })
        ))
    }
  }

  private func expectSoundPlaces(_ parts: NetworkParts) {
    let workers = parts.plan.workers
    let steps = parts.plan.steps
    let places: [(step: Int, worker: Int, bytes: Range<Int>, isOwn: Bool)] = steps.indices.flatMap {
      step in
      (0..<workers).map { worker in
        let own = parts.ownLayouts[step]?[worker]
        let offset = parts.memory.offset(step: step, worker: worker)
        let byteCount = own?.byteCount ?? parts.steps[step].outputLayout.byteCount
        return (step, worker, offset..<(offset + byteCount), own != nil)
      }
    }
    func chain(_ step: Int) -> Range<Int> {
      parts.chains.first { $0.steps.contains(step) }?.steps ?? step..<(step + 1)
    }
    let last = steps.indices.map { step in
      let reader = steps.indices.last { steps[$0].input == step || steps[$0].residual == step }
      return step == parts.plan.scoreStep
        ? steps.count - 1 : chain(reader ?? step).upperBound - 1
    }
    for first in places {
      #expect(first.bytes.upperBound <= parts.memory.byteCount)
      for other in places where other.bytes.overlaps(first.bytes) {
        if first.isOwn && other.isOwn { #expect(first.worker == other.worker) }
        if first.step < other.step { #expect(last[first.step] < chain(other.step).lowerBound) }
      }
    }
  }

  /// Whose a cache line is, is followed through two inferences: of the last one that wrote it, until another one reads it.
  @Test(
    "MobileNet v2's depthwise layers cut by channels write lines that are their workers' own",
    arguments: machines, bandLimits)
  func ownLines(machine: (InstructionSet, l2KiB: Int), bandLimits: BandLimits?) throws {
    let parts = try Self.parts(Network(model: .mobileNetV2), machine, bandLimits: bandLimits)
    var owner = [Int?](repeating: nil, count: parts.memory.byteCount / 64)
    func lines(_ part: MapPart?, of step: Int, _ worker: Int) -> Set<Int> {
      let layout = parts.ownLayouts[step]?[worker] ?? parts.steps[step].outputLayout
      let offset = parts.memory.offset(step: step, worker: worker)
      guard let part else { return Set((offset / 64)..<((offset + layout.byteCount) / 64)) }
      return Set(
        part.blocks.flatMap { block in
          part.pixels.map { (offset + block * layout.planeBytes + $0 * layout.pixelBytes) / 64 }
        })
    }
    var isChecked = false
    for inference in 0..<2 {
      for (index, step) in parts.plan.steps.enumerated() {
        for worker in 0..<step.choice.workers {
          let isOwn =
            parts.slices.isByRows[index] || parts.chains.contains { $0.steps.contains(index) }
          let reach =
            isOwn
            ? nil
            : parts.steps[index].reach(
              worker: worker, workers: step.choice.workers, rowParts: parts.rowParts[index])
          for line in step.input.map({ lines(reach?.reads, of: $0, worker) }) ?? []
          where owner[line] != worker { owner[line] = nil }
          let written = lines(reach?.writes, of: index, worker)
          if inference == 1, step.problem.operation == .depthwise, parts.rowParts[index] == 1 {
            let foreign = written.count { owner[$0] != worker }
            // A map's middle need not be that of its channel blocks: one line at the seam.
            #expect(foreign <= 1, "\(step.name), worker \(worker): \(foreign)")
            isChecked = true
          }
          for line in written { owner[line] = worker }
        }
      }
    }
    #expect(isChecked)
  }

  /// Of a map in one piece, with the copies at every seam.
  @Test(
    "Peak activations stay within their budgets",
    arguments: [(Model.mobileNetV1, 5_000_000), (.mobileNetV2, 6_100_000), (.xception, 25_200_000)])
  func budgets(model: Model, byteCount: Int) throws {
    for (workers, seams) in [(1, 1.0), (2, 1.0), (4, 1.02)] {
      for bandLimits in Self.bandLimits {
        let parts = try Self.parts(
          Network(model: model), workers: workers, bandLimits: bandLimits)
        #expect(Double(parts.memory.byteCount) <= seams * Double(byteCount), "\(workers) workers")
      }
    }
  }

  /// The first block's input of 112×112×16 and its output of 56×56×24, the largest two that are there at once.
  @Test(
    "MobileNet v2 with all its blocks fused keeps 1.2 MB of activations",
    arguments: [(1, 1.0), (2, 1.02)])
  func fusedBudget(workers: Int, seams: Double) throws {
    let parts = try Self.parts(Network(model: .mobileNetV2), workers: workers, isFused: true)
    #expect(Double(parts.memory.byteCount) <= seams * 1_210_000, "\(parts.memory.byteCount)")
  }

  /// Where a cut map is needed beside large ones that are not, the latter find no room in it.
  @Test("Slices make the arena at most a third larger than maps in one piece")
  func mixedMaps() throws {
    let parts = try Self.parts(Network(model: .xception, resolution: 195), workers: 2)
    #expect(!parts.slices.isEmpty)
    let onePiece = MemoryPlan(parts.plan).byteCount
    #expect(3 * parts.memory.byteCount <= 4 * onePiece, "\(parts.memory.byteCount), \(onePiece)")
  }
}
