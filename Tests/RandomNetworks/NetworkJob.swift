import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule

/// A network with weights and images from one folder, and every way in which it is run.
struct NetworkJob {
  private let folder: String
  private let seed: UInt64
  private let definition: NetworkDefinition
  private let weights: NetworkWeights
  /// Of one image.
  private let single: Network
  private let images: [[Float]]

  init(folder: String, seed: UInt64) throws {
    self.folder = folder
    self.seed = seed
    definition = try NetworkDefinition(contentsOfFile: folder + "/network.json")
    single = try Network(definition)
    weights = try NetworkWeights(single, from: WeightFile(path: folder + "/w.safetensors"))
    let array = try NumpyArray(contentsOf: folder + "/in.npy")
    let length = single.input.elementCount
    images = stride(from: 0, to: array.values.count, by: length).map {
      Array(array.values[$0..<($0 + length)])
    }
  }

  /// Without a schedule every image alone, then all at once on each number of threads; with random schedules some of them.
  func runAll(
    instructionSets: [InstructionSet], threads: [Int], schedules: Int, report: (String) -> Void
  ) throws {
    let batch = try Network(definition, batch: images.count)
    for instructionSet in instructionSets {
      let machine = try RuntimeHost(
        RuntimeOptions(threads: 1, instructionSet: instructionSet), schedule: nil
      ).machine
      let model = CostModel(machine: machine)
      for workers in threads {
        let together = batch.inBestMicroBatches(model, upTo: instructionSet, workers: workers)
        for network in [single, together] {
          try run(network, ResolvedPlan(), machine, instructionSet, workers, report)
        }
      }
      for index in 0..<schedules {
        var random = RandomChoice(
          seed: seed &* 1_000_003 &+ UInt64(index) &* 3
            &+ UInt64(instructionSet.channelBlock(.float32)))
        let workers = threads[random.index(threads.count)]
        let divisors = (1...images.count).filter { images.count % $0 == 0 }
        let network =
          random.index(2) == 0
          ? single : batch.inMicroBatches(of: divisors[random.index(divisors.count)])
        let plan = try ResolvedPlan(
          random.schedule(for: network, machine, instructionSet, workers: workers),
          network, machine, instructionSet, workers,
          path: "\(folder)/\(instructionSet.rawValue)-\(index).schedule.json",
          bandLimits: random.bandLimits())
        try run(network, plan, machine, instructionSet, workers, report)
      }
    }
  }

  private func run(
    _ network: Network, _ resolved: ResolvedPlan, _ machine: MachineDescription,
    _ instructionSet: InstructionSet, _ workers: Int, _ report: (String) -> Void
  ) throws {
    let plan = try NetworkPlan(
      network, choices: resolved.choices, model: CostModel(machine: machine),
      instructionSet: instructionSet, workers: workers, bandLimits: resolved.bandLimits)
    let prepared = try PreparedNetwork(plan, weights: weights)
    let session = try prepared.makeSession(rehearses: false)
    var bits: [UInt32] = []
    let calls = network.batch == 1 ? images : [images.flatMap { $0 }]
    for call in calls {
      bits += try session.scores(call).map { $0 == 0 ? 0 : $0.bitPattern }
    }
    let usual = try Registry.standard.kernel(
      id: "f32-pointwise-simd__\(instructionSet.rawValue)"
    ).numericGroup
    let steps = plan.steps
    let strassen = steps.filter { !$0.choice.kernel.multipliesAsWritten }
      .map { network.layers[$0.layers.lowerBound].name }
    let record = JSONValue.object([
      "isa": .string(instructionSet.rawValue), "threads": .integer(workers),
      "batch": .integer(network.batch), "micro_batch": .integer(network.microBatch),
      "schedule": resolved.path.map(JSONValue.string) ?? .null,
      "chains": .integer(prepared.chains.count),
      "strassen": .array(strassen.map(JSONValue.string)),
      "usual": .bool(steps.allSatisfy { $0.choice.kernel.isUsual(usual, instructionSet) }),
      "bits": .array(bits.map { .integer(Int($0)) }),
    ])
    report(record.text)
  }
}

extension Kernel {
  /// Whether it rounds as what runs without a schedule.
  fileprivate func isUsual(_ group: String, _ instructionSet: InstructionSet) -> Bool {
    numericGroup
      == (operation == .softmax ? "f32-softmax-simd__\(instructionSet.rawValue)" : group)
  }
}
