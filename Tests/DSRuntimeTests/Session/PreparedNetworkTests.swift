import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule
import Glibc
import Synchronization
import TestSupport
import Testing

@Suite("Networks that run")
struct PreparedNetworkTests {
  // MARK: - The same bits

  /// One sum has one order, whichever threads do it and whatever lies between two layers.
  @Test(
    "Fused or not, with any number of threads", arguments: Model.allCases,
    SampleNetworks.instructionSets)
  func sameBits(model: Model, instructionSet: InstructionSet) throws {
    let network = try SampleNetworks.smallest(model)
    let weights = try NetworkWeights(network, from: SeededWeights())
    let image = network.image()
    func scores(workers: Int, fusing: (FusionGroup) -> Bool) throws -> [Float] {
      let plan = try NetworkPlan(
        network, instructionSet: instructionSet, workers: workers, fusing: fusing)
      return try PreparedNetwork(plan, weights: weights).scores(image)
    }
    let expected = try scores(workers: 1) { _ in false }
    #expect(expected.allSatisfy { $0.isFinite })
    #expect(Set(expected).count > network.classCount / 2)
    for workers in [2, 3, 5] {
      #expect(try scores(workers: workers) { _ in false } == expected, "\(workers) threads")
    }
    for workers in [1, 2] {
      #expect(try scores(workers: workers) { _ in true } == expected, "fused")
      let pairs = try scores(workers: workers) { $0.problem.operation == .separable }
      #expect(pairs == expected, "fused in pairs")
    }
  }

  @Test(
    "AVX2 and AVX-512 give the same bits", .enabled(if: Registry.bestInstructionSet >= .avx512),
    arguments: Model.allCases)
  func acrossInstructionSets(model: Model) throws {
    let network = try SampleNetworks.smallest(model)
    let weights = try NetworkWeights(network, from: SeededWeights())
    let scores = try [InstructionSet.avx2, .avx512].map {
      try PreparedNetwork(
        NetworkPlan(network, instructionSet: $0, fusing: { _ in false }), weights: weights
      ).scores(network.image())
    }
    #expect(scores[0] == scores[1])
  }

  @Test("Three images at once give three times one image", arguments: Model.allCases)
  func batch(model: Model) throws {
    let single = try SampleNetworks.smallest(model)
    let triple = try SampleNetworks.smallest(model, batch: 3)
    let images = (0..<3).map { single.image(seed: $0) }
    let one = try PreparedNetwork(seeded: NetworkPlan(single, workers: 2, fusing: { _ in false }))
    let rows = try images.map { try one.scores($0) }
    #expect(rows[0] != rows[1] && rows[1] != rows[2])
    for isFused in [false, true] {
      let three = try PreparedNetwork(
        seeded: NetworkPlan(triple, workers: 2, fusing: { _ in isFused }))
      #expect(try three.scores(images.flatMap(\.self)) == rows.flatMap(\.self))
    }
  }

  // MARK: - Several at once

  @Test("Eight callers at once get what one gets")
  func concurrentRuns() throws {
    let network = try SampleNetworks.smallest(.mobileNetV2)
    let prepared = try PreparedNetwork(
      seeded: NetworkPlan(network, workers: 2, fusing: { _ in false }))
    let images = (0..<8).map { network.image(seed: $0) }
    let expected = try images.map { try prepared.run($0) }
    let wrong = Mutex(0)
    try WorkerPool(workers: 8).run { caller in
      for _ in 0..<20 where (try? prepared.run(images[caller])) != expected[caller] {
        wrong.withLock { $0 += 1 }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("Callers of one session take turns")
  func sharedSession() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let session = try PreparedNetwork(
      seeded: NetworkPlan(network, workers: 2, fusing: { _ in true })
    ).makeSession()
    let images = (0..<4).map { network.image(seed: $0) }
    let expected = try images.map { try session.run($0) }
    let wrong = Mutex(0)
    try WorkerPool(workers: 4).run { caller in
      for _ in 0..<20 where (try? session.run(images[caller])) != expected[caller] {
        wrong.withLock { $0 += 1 }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("Sessions that share threads take turns, too")
  func sharedThreads() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let prepared = try PreparedNetwork(
      seeded: NetworkPlan(network, workers: 2, fusing: { _ in false }))
    let pool = try WorkerPool(workers: 3)
    let sessions = try (0..<2).map { _ in try prepared.makeSession(sharing: pool) }
    let images = (0..<2).map { network.image(seed: $0) }
    let expected = try images.map { try sessions[0].run($0) }
    let wrong = Mutex(0)
    try WorkerPool(workers: 2).run { caller in
      for _ in 0..<100 where (try? sessions[caller].run(images[caller])) != expected[caller] {
        wrong.withLock { $0 += 1 }
      }
    }
    #expect(wrong.withLock { $0 } == 0)
  }

  @Test("However many call a network, it has its threads once")
  func oneCrew() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let network = try SampleNetworks.smallest(.mobileNetV1)
      let prepared = try PreparedNetwork(
        seeded: NetworkPlan(network, workers: 3, fusing: { _ in false }))
      let image = network.image()
      let before = ProcessLimits.threads
      do {
        let callers = try WorkerPool(workers: 8)
        callers.run { _ in
          for _ in 0..<20 {
            callers.meet()
            if (try? prepared.run(image)) == nil { exit(1) }
          }
        }
      }
      let isOneCrew = ProcessLimits.hasNewThreads(2, since: before)
      withExtendedLifetime(prepared) { exit(isOneCrew ? 7 : 2) }
    }
  }

  @Test("Many models live in one process, and none sees another's memory")
  func manyModels() throws {
    var prepared: [(network: PreparedNetwork, expected: [Float])] = []
    for (index, model) in (Model.allCases + Model.allCases).enumerated() {
      let network = try SampleNetworks.smallest(model)
      let plan = try NetworkPlan(network, workers: 1 + index % 2, fusing: { _ in index > 2 })
      let one = try PreparedNetwork(seeded: plan, seed: UInt64(index))
      prepared.append((one, try one.run(network.image())))
    }
    #expect(Set(prepared.map(\.expected)).count == prepared.count)
    for _ in 0..<3 {
      for (one, expected) in prepared.reversed() {
        #expect(try one.run(one.network.image()) == expected)
      }
    }
  }

  // MARK: - Sizes

  @Test(
    "MobileNet v1 of every width and resolution", arguments: [0.25, 0.5, 0.75, 1],
    [128, 160, 192, 224])
  func widthsAndResolutions(width: Double, resolution: Int) throws {
    let network = try Network(model: .mobileNetV1, width: width, resolution: resolution)
    let prepared = try PreparedNetwork(network, weights: SeededWeights())
    let probabilities = try prepared.run(network.image())
    #expect(probabilities.count == 1000)
    #expect(probabilities.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect((probabilities.reduce(0, +) - 1).magnitude < 1e-5)
  }

  // MARK: - Errors

  @Test("An image of the wrong size is refused with both sizes")
  func wrongInput() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let prepared = try PreparedNetwork(network, weights: SeededWeights())
    for count in [0, 1, network.input.elementCount - 1, network.input.elementCount + 1] {
      #expect(throws: RuntimeError.wrongInputCount(given: count, needed: 3072)) {
        try prepared.run([Float](repeating: 0, count: count))
      }
    }
    // A refused call must not spoil the session for the next.
    #expect(try prepared.run(network.image()).count == 1000)
  }

  @Test("A place for the result of the wrong size is refused and left alone")
  func wrongOutput() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let session = try PreparedNetwork(network, weights: SeededWeights()).makeSession()
    var output = [Float](repeating: -1, count: 10)
    #expect(throws: RuntimeError.wrongOutputCount(given: 10, needed: 1000)) {
      try session.run(network.image(), into: &output)
    }
    #expect(output == [Float](repeating: -1, count: 10))
  }

  @Test("Numbers of threads that this machine cannot give", arguments: [0, -1, 1_000_000])
  func threads(count: Int) throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let available = LiveMachine.current.processors.count
    #expect(throws: RuntimeError.tooManyThreads(asked: count, available: available)) {
      try PreparedNetwork(
        network, weights: SeededWeights(), options: RuntimeOptions(threads: count))
    }
  }

  @Test(
    "An instruction set that this CPU does not have",
    .enabled(if: Registry.bestInstructionSet < .avx512))
  func missingInstructionSet() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    #expect(
      throws: RuntimeError.instructionSetMissing(asked: .avx512, best: Registry.bestInstructionSet)
    ) {
      try PreparedNetwork(
        network, weights: SeededWeights(), options: RuntimeOptions(instructionSet: .avx512))
    }
  }

  /// A schedule made under a limit runs under it, unless told otherwise, and one above this CPU's best is
  /// no error: its entries fall back one by one.
  @Test("The limit of a schedule", arguments: InstructionSet.allCases)
  func instructionSetLimit(limit: InstructionSet) throws {
    let best = Registry.bestInstructionSet
    var sample = try SampleSchedule(workers: 1)
    sample.schedule.instructionSetLimit = limit
    func sets(_ options: RuntimeOptions) throws -> Set<InstructionSet> {
      let prepared = try PreparedNetwork(
        sample.network, weights: SeededWeights(), schedule: sample.schedule, options: options)
      return Set(prepared.plan.steps.map(\.choice.kernel.instructionSet))
    }
    let limited = try sets(RuntimeOptions(threads: 1))
    #expect(limited.contains(min(limit, best)) && limited.allSatisfy { $0 <= limit })
    #expect(try sets(RuntimeOptions(threads: 1, instructionSet: best)).contains(best))
  }

  @Test("Weights for which there is no memory are an error", Sanitizer.allowsLimits)
  func outOfMemory() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let plan = try NetworkPlan(Network(model: .mobileNetV1), fusing: { _ in false })
      let weights = try NetworkWeights(plan.network, from: SeededWeights())
      // The packed weights take 17 MB.
      ProcessLimits.limitMemory(toAdditionalBytes: 8 << 20)
      do {
        _ = try PreparedNetwork(plan, weights: weights)
        exit(1)
      } catch RuntimeError.outOfMemory(let byteCount) {
        exit(byteCount > 0 ? 7 : 2)
      }
    }
  }

  @Test("Memory is told in MiB, rounded up")
  func memoryText() {
    for (byteCount, text) in [(1, "for 1 MiB;"), (1 << 20, "for 1 MiB;"), (3 << 19, "for 2 MiB;")] {
      #expect(RuntimeError.outOfMemory(byteCount: byteCount).description.contains(text))
    }
  }

  // MARK: - Networks of files

  /// A pointwise layer that adds its own input: the depthwise output has to be stored for it.
  @Test("A layer that adds its own input runs, whatever the choices")
  func residualOfInput() throws {
    let text = """
      {"schema": "dstune.network/1.0", "name": "loop", "input": [8, 8, 3], "classes": 10, "layers": [
        {"kind": "standard", "name": "stem", "kernel": 3, "padding": "same", "channels": 16},
        {"kind": "depthwise", "name": "d", "kernel": 3, "padding": "same"},
        {"kind": "pointwise", "name": "p", "channels": 16, "residual": "d"},
        {"kind": "avgpool", "name": "mean"},
        {"kind": "dense", "name": "scores", "channels": 10}]}
      """
    let network = try Network(NetworkDefinition(json: Array(text.utf8)))
    let fused = try Problem(stages: network.layers[1...2].map(\.stage))
    #expect(fused.operation == .separable && fused.addsResidual)
    let choices = CostModel.live.choices(
      [fused], upTo: Registry.bestInstructionSet, workers: 1)
    #expect(choices.count == 1)
    let plan = try NetworkPlan(
      network, choices: choices, model: .live, instructionSet: Registry.bestInstructionSet,
      workers: 1)
    #expect(plan.steps.map(\.name) == network.layers.map(\.name))
    let scores = try PreparedNetwork(seeded: plan).scores(network.image())
    #expect(scores.count == 10 && scores.allSatisfy { $0.isFinite })
  }

  // MARK: - Schedules

  /// From a file's contents to the kernels that run; and a schedule never changes a result.
  @Test("A schedule's kernels run, and give the default's bits")
  func scheduled() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let weights = SeededWeights()
    let plain = try PreparedNetwork(network, weights: weights, options: RuntimeOptions(threads: 1))
    let machine = LiveMachine.current.description
    let pairs = network.fusionGroups.map(\.problem)
    let choices = CostModel.live.choices(pairs, upTo: machine.instructionSet, workers: 1)
    let schedule = Schedule(
      network: NetworkIdentity(name: network.name, resolution: 32),
      tool: ToolIdentity(version: "1.0.0", registry: Registry.standard.signature),
      machine: MachineIdentity(machine), threads: 1,
      entries: choices.map { problem, choice in
        ScheduleEntry(
          problem: problem.key, kernel: choice.kernel.id,
          compatibility: choice.kernel.compatibility,
          parameters: choice.kernel.named(choice.values), state: .predicted,
          microseconds: MeasuredInterval())
      })
    let tuned = try PreparedNetwork(network, weights: weights, schedule: schedule)
    #expect(tuned.scheduleReport.usedCount == choices.count)
    #expect(tuned.plan.workers == 1)
    #expect(tuned.plan.steps.count { $0.choice.kernel.method == .fused } == 13)
    #expect(plain.plan.steps.count { $0.choice.kernel.method == .fused } == 0)
    #expect(try tuned.scores(network.image()) == plain.scores(network.image()))
  }
}
