import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import Testing

@Suite("Chains of steps in bands of rows")
struct BandedChainTests {
  /// Every map lies in rings that can, whatever is computed twice.
  static func always(ringBytes: Int) -> BandLimits {
    BandLimits(levels: [.init(mapBytes: 0)], ringBytes: ringBytes, mostComputed: .infinity)
  }

  /// Bands of two rows, as many as some kilobytes have room for, and all rows at once.
  private static let variants = [false, true].flatMap { isFused in
    [0, 60_000, .max].map { (isFused: isFused, ringBytes: $0) }
  }

  private static func parts(
    _ network: Network, workers: Int, bandLimits: BandLimits?,
    instructionSet: InstructionSet = Registry.bestInstructionSet, isFused: Bool = false
  ) throws -> NetworkParts {
    try NetworkParts(
      unweighted: NetworkPlan(
        network, instructionSet: instructionSet, workers: workers, bandLimits: bandLimits,
        fusing: { _ in isFused }))
  }

  /// Small, but with rows that three workers share.
  private static func network(_ model: Model) throws -> Network {
    try Network(
      model: model, width: model == .xception ? 1 : 0.35, resolution: model == .xception ? 71 : 96)
  }

  /// Parts are planned and never run: the CPU need not have their instructions.
  @Test(
    "Xception's largest maps and the MobileNets' first ones are gone through in bands",
    arguments: InstructionSet.allCases)
  func whichMaps(instructionSet: InstructionSet) throws {
    let caches: [MachineDescription.Cache] = [
      .init(level: 1, byteCount: 48 << 10), .init(level: 2, byteCount: 1 << 20),
      .init(level: 3, byteCount: 32 << 20, sharedByCores: 2),
    ]
    let machine = MachineDescription(
      cpu: "AuthenticAMD/26/2", instructionSet: instructionSet, cores: 2,
      processingUnits: 2, caches: caches)
    for workers in [1, 2] {
      for model in Model.allCases {
        let parts = try NetworkParts(
          unweighted: NetworkPlan(
            Network(model: model), choices: [:], model: CostModel(machine: machine),
            instructionSet: instructionSet, workers: workers))
        let names = parts.chains.map { chain in
          [chain.steps.lowerBound, chain.steps.upperBound - 1].map { parts.plan.steps[$0].name }
        }
        // Two workers cannot share Xception's second one evenly: 19 rows of 37, and those that its windows reach.
        let isShared = model == .xception && workers == 2
        #expect(names == Array(Self.expected[model, default: []].dropLast(isShared ? 1 : 0)))
        let stored = parts.steps.indices.filter { step in
          parts.steps[step].outputLayout.byteCount > 8 << 20
            && !parts.chains.contains { $0.keepsInRings(step) }
        }
        #expect(stored.isEmpty)
        #expect(parts.memory.byteCount <= Self.activationBytes[model, default: 0])
      }
    }
  }

  /// First and last step of each chain.
  private static let expected: [Model: [[String]]] = [
    .mobileNetV1: [["conv1", "conv_dw_2"]],
    .mobileNetV2: [
      ["Conv1", "expanded_conv_project"], ["block_1_expand", "block_1_project"],
      ["block_2_expand", "block_2_project"], ["block_3_expand", "block_3_depthwise"],
    ],
    .xception: [["block1_conv2", "block2_pool"], ["conv2d_1", "block3_pool"]],
  ]

  private static let activationBytes: [Model: Int] = [
    .mobileNetV1: 3_300_000, .mobileNetV2: 2_700_000, .xception: 13_000_000,
  ]

  @Test("Maps in L3 are stored where much is computed for them, or L2 is not known")
  func whereMapsInL3() throws {
    for (l2Bytes, model, count): (Int?, Model, Int) in [
      (1 << 20, .mobileNetV1, 1), (2 << 20, .mobileNetV1, 1), (4 << 20, .mobileNetV1, 0),
      (nil, .mobileNetV1, 0), (nil, .xception, 2), (512 << 10, .mobileNetV2, 4),
    ] {
      let machine = MachineDescription(
        cpu: "AuthenticAMD/26/2", instructionSet: .baseline, cores: 1, processingUnits: 1,
        caches: l2Bytes.map { [.init(level: 2, byteCount: $0)] } ?? [])
      let plan = try NetworkPlan(
        Network(model: model), choices: [:], model: CostModel(machine: machine),
        instructionSet: .baseline, workers: 1)
      #expect(try NetworkParts(unweighted: plan).chains.count == count, "\(model), \(l2Bytes ?? 0)")
    }
  }

  @Test("No chain where workers would compute much twice, where none can be cut, or of two images")
  func whereNot() throws {
    let network = try Network(model: .xception)
    let limits = BandLimits(levels: [.init(mapBytes: 8 << 20)], ringBytes: 1 << 20)
    #expect(try Self.parts(network, workers: 2, bandLimits: limits).chains.count == 1)
    #expect(try Self.parts(network, workers: 8, bandLimits: limits).chains.isEmpty)
    #expect(try Self.parts(network, workers: 2, bandLimits: .never).chains.isEmpty)
    #expect(
      try Self.parts(
        SampleNetworks.smallest(.xception, batch: 2), workers: 1,
        bandLimits: Self.always(ringBytes: 0)
      ).chains.isEmpty)
  }

  /// What is read has been computed before and not been overwritten; what is computed follows what was.
  @Test(
    "Every band finds the rows that it reads", arguments: Model.allCases, [1, 2, 3])
  func rows(model: Model, workers: Int) throws {
    for instructionSet in InstructionSet.allCases {
      for (isFused, ringBytes) in Self.variants {
        let parts = try Self.parts(
          Self.network(model), workers: workers,
          bandLimits: Self.always(ringBytes: ringBytes), instructionSet: instructionSet,
          isFused: isFused)
        #expect(!parts.chains.isEmpty)
        for chain in parts.chains {
          for worker in 0..<workers { expectSound(chain, worker, parts) }
          let last = chain.steps.upperBound - 1
          let own = (0..<workers).flatMap { Array(chain.rows(last, $0)) }
          #expect(own == Array(0..<parts.steps[last].problem.output.height))
        }
      }
    }
  }

  private func expectSound(_ chain: BandedChain, _ worker: Int, _ parts: NetworkParts) {
    var held = [Range<Int>](repeating: 0..<0, count: chain.steps.count)
    for (number, band) in chain.bands[worker].enumerated() {
      for step in chain.steps {
        let place = step - chain.steps.lowerBound
        let rows = band.rows[place]
        if rows.isEmpty { continue }
        for (source, needed) in [
          (parts.plan.steps[step].input, parts.steps[step].inputRows(ofOutput: rows)),
          (parts.plan.steps[step].residual, rows),
        ] {
          guard let source, chain.steps.contains(source) else { continue }
          let there = held[source - chain.steps.lowerBound]
          #expect(there.clamped(to: needed) == needed, "step \(step), band \(number)")
        }
        #expect(number == 0 || held[place].upperBound == rows.lowerBound)
        if chain.keepsInRings(step) {
          #expect(
            number == 0 || held[place].contains(band.firstKept[place])
              || held[place].upperBound == band.firstKept[place])
          #expect(rows.upperBound - band.firstKept[place] <= chain.ringRows[place])
          held[place] = band.firstKept[place]..<rows.upperBound
        } else {
          held[place] = chain.rows(step, worker).lowerBound..<rows.upperBound
        }
      }
    }
  }

  @Test(
    "Bands give the bits of stored maps", arguments: Model.allCases, [1, 2, 3])
  func bits(model: Model, workers: Int) throws {
    let network = try Self.network(model)
    for (isFused, ringBytes) in Self.variants {
      let stored = try PreparedNetwork(
        seeded: NetworkPlan(network, bandLimits: .never, fusing: { _ in isFused }))
      let banded = try PreparedNetwork(
        seeded: NetworkPlan(
          network, workers: workers, bandLimits: Self.always(ringBytes: ringBytes),
          fusing: { _ in isFused }))
      #expect(stored.chains.isEmpty && !banded.chains.isEmpty)
      let session = try banded.makeSession()
      // The second image meets what the first one left in the rings.
      for seed: UInt64 in [0, 1] {
        let image = network.image(seed: seed)
        #expect(try session.scores(image) == stored.scores(image))
      }
    }
  }

  @Test("Every instruction set's kernels go through bands")
  func instructionSets() throws {
    for instructionSet in SampleNetworks.instructionSets {
      for model in Model.allCases {
        let network = try Self.network(model)
        func prepared(_ bandLimits: BandLimits) throws -> PreparedNetwork {
          try PreparedNetwork(
            seeded: NetworkPlan(
              network, instructionSet: instructionSet, workers: 2, bandLimits: bandLimits,
              fusing: { _ in false }))
        }
        let banded = try prepared(Self.always(ringBytes: 30_000))
        #expect(!banded.chains.isEmpty)
        #expect(try banded.scores(network.image()) == prepared(.never).scores(network.image()))
      }
    }
  }

  @Test("A chain begins with copies of the rows that others have in slices", arguments: [2, 3])
  func slicesBefore(workers: Int) throws {
    let network = try Self.network(.mobileNetV2)
    for instructionSet in SampleNetworks.instructionSets {
      let plan = try NetworkPlan(
        network, instructionSet: instructionSet, workers: workers,
        bandLimits: BandLimits(
          levels: [.init(mapBytes: 400_000)], ringBytes: 0, mostComputed: .infinity),
        fusing: { _ in false })
      let parts = try NetworkParts(unweighted: plan)
      let chain = try #require(parts.chains.first)
      let source = try #require(plan.steps[chain.steps.lowerBound].input)
      #expect(parts.chains.count == 1 && parts.slices.maps[source] != nil)
      let stored = try PreparedNetwork(
        seeded: NetworkPlan(
          network, instructionSet: instructionSet, bandLimits: .never, fusing: { _ in false }))
      #expect(
        try PreparedNetwork(seeded: plan).scores(network.image())
          == stored.scores(network.image()))
    }
  }

  @Test("A profile has a time for every step of a chain, and they sum up")
  func profile() throws {
    let network = try SampleNetworks.smallest(.xception)
    let session = try PreparedNetwork(
      seeded: NetworkPlan(
        network, workers: 2, bandLimits: Self.always(ringBytes: 0), fusing: { _ in false })
    ).makeSession()
    let image = network.image()
    image.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      for _ in 0..<3 {
        let run = session.profiledRun(base)
        #expect(run.steps.count == session.plan.steps.count)
        #expect(run.steps.allSatisfy { $0 > 0 })
        #expect(run.steps.reduce(0, +) <= run.total)
      }
    }
  }
}
