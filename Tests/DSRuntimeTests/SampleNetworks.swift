import DSCore
import DSKernels
import DSNetworks
import DSRuntime

/// Networks, plans and images to test with: all the structure of the real ones, at sizes that run in
/// milliseconds.
enum SampleNetworks {
  /// The smallest of each model.
  static func smallest(_ model: Model, batch: Int = 1) throws -> Network {
    switch model {
    case .mobileNetV1: try Network(model: model, width: 0.25, resolution: 32, batch: batch)
    case .mobileNetV2: try Network(model: model, width: 0.35, resolution: 32, batch: batch)
    case .xception: try Network(model: model, resolution: 71, batch: batch)
    }
  }

  static let instructionSets = InstructionSet.allCases.filter {
    $0 <= Registry.bestInstructionSet
  }
}

extension CostModel {
  /// The model of this machine.
  static let live = CostModel(machine: LiveMachine.current.description)

  /// The default for each problem.
  func choices(
    _ problems: some Sequence<Problem>, registry: Registry = .standard,
    upTo instructionSet: InstructionSet = Registry.bestInstructionSet, workers: Int
  ) -> [Problem: KernelChoice] {
    var choices: [Problem: KernelChoice] = [:]
    for problem in problems {
      choices[problem] = best(
        problem, registry: registry, upTo: instructionSet, workers: workers
      ).map(KernelChoice.init)
    }
    return choices
  }
}

extension NetworkPlan {
  /// A plan for this machine, whatever its number of cores.
  ///
  /// - Parameters:
  ///   - bandLimits: `nil` for this machine's.
  ///   - fusing: which of the network's blocks to fuse.
  init(
    _ network: Network, instructionSet: InstructionSet = Registry.bestInstructionSet,
    workers: Int = 1, bandLimits: BandLimits? = nil, fusing: (FusionGroup) -> Bool
  ) throws {
    let fused = network.fusionGroups.filter(fusing).map(\.problem)
    try self.init(
      network,
      choices: CostModel.live.choices(fused, upTo: instructionSet, workers: workers),
      model: .live, instructionSet: instructionSet, workers: workers, bandLimits: bandLimits)
  }
}

extension NetworkParts {
  /// Parts that are planned and never run: the CPU need not have their instructions.
  convenience init(unweighted plan: NetworkPlan) throws {
    let weights = try NetworkWeights(plan.network, from: SeededWeights(seed: 1))
    self.init(
      plan,
      steps: try plan.steps.map {
        try PreparedKernel(
          $0.choice.kernel, $0.problem, $0.choice.values, weights: Array(weights.layers[$0.layers]),
          channelBlock: plan.channelBlock)
      })
  }
}

extension PreparedNetwork {
  /// Seeded weights for a plan.
  convenience init(seeded plan: NetworkPlan, seed: UInt64 = 0) throws {
    try self.init(
      plan, weights: NetworkWeights(plan.network, from: SeededWeights(seed: seed)))
  }

  /// The scores before the softmax: they tell apart what probabilities round off.
  func scores(_ image: [Float]) throws -> [Float] { try makeSession().scores(image) }
}

extension Network {
  func image(seed: UInt64 = 0) -> [Float] { SeededWeights(seed: seed).input(shape: input) }
}
