import DSCore
import DSKernels
import DSNetworks

/// What a network runs as: its layers, some of them fused, each with the kernel that was chosen.
public struct NetworkPlan: Sendable {
  public struct Step: Sendable {
    /// The layer's name; of a fused step, its first and last layer's.
    public let name: String
    /// Indices into the network's layers.
    public let layers: Range<Int>
    public let problem: Problem
    public let choice: KernelChoice
    /// The step whose output this one reads; `nil` reads the network's input.
    public let input: Int?
    public let residual: Int?
  }

  public let network: Network
  public let instructionSet: InstructionSet
  public let workers: Int
  public let steps: [Step]
  /// Which maps are gone through in bands and not stored.
  public let bandLimits: BandLimits

  public var channelBlock: Int { instructionSet.channelBlock(network.elementType) }

  /// Plans a network.
  ///
  /// - Parameters:
  ///   - choices: kernels by problem. A fused problem among them is used wherever it occurs; problems
  ///     that are missing run as the cost model sees fit.
  ///   - model: answers for the problems without a choice.
  ///   - bandLimits: `nil` for what pays on the model's machine.
  /// - Throws: `RuntimeError.noKernel` if nothing in the registry can run a layer.
  public init(
    _ network: Network, choices: [Problem: KernelChoice], model: CostModel,
    instructionSet: InstructionSet, workers: Int, registry: Registry = .standard,
    bandLimits: BandLimits? = nil
  ) throws(RuntimeError) {
    self.network = network
    self.instructionSet = instructionSet
    self.workers = workers
    self.bandLimits = bandLimits ?? BandLimits(model.machine)
    let groups = Dictionary(grouping: network.fusionGroups, by: \.layers.lowerBound)
    var defaults: [Problem: KernelChoice] = [:]
    var steps: [Step] = []
    var stepOfLayer: [Int: Int] = [:]
    func step(of source: Int?, for reader: Layer) -> Int? {
      source.map { source in
        guard let step = stepOfLayer[source] else {
          let name = network.layers[source].name
          preconditionFailure("layer '\(reader.name)' reads '\(name)' inside a fused step")
        }
        return step
      }
    }
    var layer = 0
    while layer < network.layers.count {
      let fused = groups[layer, default: []].filter { choices[$0.problem] != nil }
        .max { $0.layers.count < $1.layers.count }
      let range = fused?.layers ?? layer..<(layer + 1)
      let problem = fused?.problem ?? network.layers[layer].problem
      guard
        let choice = choices[problem] ?? defaults[problem]
          ?? model.best(problem, registry: registry, upTo: instructionSet, workers: workers)
          .map(KernelChoice.init)
      else {
        throw .noKernel(layer: network.layers[layer].name, problem: problem.key)
      }
      defaults[problem] = choice
      let first = network.layers[range.lowerBound]
      let last = network.layers[range.upperBound - 1]
      steps.append(
        Step(
          name: range.count == 1 ? first.name : "\(first.name)…\(last.name)", layers: range,
          problem: problem, choice: choice, input: step(of: first.input, for: first),
          residual: step(of: last.residual, for: last)))
      stepOfLayer[range.upperBound - 1] = steps.count - 1
      layer = range.upperBound
    }
    self.steps = steps
  }

  /// The step that computes the scores before the softmax, or the last step if there is no softmax.
  public var scoreStep: Int {
    let last = steps.count - 1
    return steps[last].problem.operation == .softmax ? steps[last].input ?? last : last
  }

  /// Of one batch, what the kernels do: with Strassen's algorithm fewer than the formulas' `flops` / 2.
  public var multiplyAddsDone: Int {
    steps.reduce(0) { $0 + $1.choice.kernel.multiplyAdds($1.problem) } * network.microBatchCount
  }

  /// Of one batch.
  public var flops: Int {
    steps.reduce(0) { $0 + $1.problem.flops } * network.microBatchCount
  }
}
