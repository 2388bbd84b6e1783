import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import Testing

@Suite("Networks with Strassen's algorithm")
struct StrassenSessionTests {
  /// Large enough for halves of everything, with rows that three workers share; maps of even and of odd widths.
  private static func network(_ model: Model, batch: Int = 1) throws -> Network {
    try Network(
      model: model, width: model == .xception ? 1 : 0.5, resolution: model == .xception ? 71 : 96,
      batch: batch)
  }

  /// Strassen's algorithm wherever it is possible, with parameters that change with the problem.
  private static func plan(
    _ network: Network, workers: Int, bandLimits: BandLimits?,
    instructionSet: InstructionSet = Registry.bestInstructionSet
  ) throws -> NetworkPlan {
    var choices: [Problem: KernelChoice] = [:]
    for problem in Set(network.layers.map(\.problem)) {
      let candidates = CostModel.live.candidates(
        problem, registry: .standard, upTo: instructionSet, workers: workers
      ).filter {
        !$0.kernel.multipliesAsWritten && $0.kernel.instructionSet == instructionSet
          && $0.workers == workers
      }
      if candidates.isEmpty { continue }
      choices[problem] = KernelChoice(candidates[problem.flops / 2 % candidates.count])
    }
    return try NetworkPlan(
      network, choices: choices, model: .live, instructionSet: instructionSet, workers: workers,
      bandLimits: bandLimits)
  }

  @Test(
    "The same bits for any number of workers, in slices and in bands", arguments: Model.allCases,
    SampleNetworks.instructionSets)
  func bits(model: Model, instructionSet: InstructionSet) throws {
    let network = try Self.network(model)
    let image = network.image()
    var expected: [Float] = []
    var (sliced, banded) = (0, 0)
    for workers in [1, 2, 3] {
      for bandLimits in [BandLimits.never, BandedChainTests.always(ringBytes: 60_000)] {
        let plan = try Self.plan(
          network, workers: workers, bandLimits: bandLimits, instructionSet: instructionSet)
        let used = plan.steps.indices.filter { !plan.steps[$0].choice.kernel.multipliesAsWritten }
        #expect(used.count >= 8)
        let prepared = try PreparedNetwork(seeded: plan)
        banded += used.count { step in prepared.chains.contains { $0.steps.contains(step) } }
        sliced += try used.count { try NetworkParts(unweighted: plan).ownLayouts[$0] != nil }
        let scores = try prepared.scores(image)
        if expected.isEmpty { expected = scores }
        #expect(scores == expected, "\(workers) workers")
      }
    }
    if model != .xception { #expect(sliced > 0 && banded > 0) }
  }

  /// Float32 leaves about 2⁻²⁴ of each of some fifty layers' values; Strassen's algorithm some times as much.
  @Test("Close to the network without a schedule", arguments: Model.allCases)
  func closeness(model: Model) throws {
    let network = try Self.network(model)
    let image = network.image()
    let standard = try PreparedNetwork(
      seeded: NetworkPlan(network, bandLimits: .never, fusing: { _ in false })
    ).scores(image)
    let scores = try PreparedNetwork(
      seeded: Self.plan(network, workers: 2, bandLimits: nil)
    ).scores(image)
    #expect(scores != standard)
    let largest = try #require(standard.map(\.magnitude).max())
    let farthest = zip(scores, standard).map { ($0 - $1).magnitude }.max() ?? .infinity
    #expect(farthest < 1e-5 * largest, "\(farthest) of \(largest)")
  }

  @Test("Images of a batch have the bits that they have alone")
  func batch() throws {
    let alone = try PreparedNetwork(
      seeded: Self.plan(Self.network(.mobileNetV2), workers: 1, bandLimits: .never))
    let network = try Self.network(.mobileNetV2, batch: 3)
    let together = try PreparedNetwork(
      seeded: Self.plan(network, workers: 2, bandLimits: .never)
    )
    let images = network.image()
    let scores = try together.scores(images)
    for image in 0..<3 {
      let own = Array(images[(image * images.count / 3)..<((image + 1) * images.count / 3)])
      let expected = try alone.scores(own)
      #expect(Array(scores[(image * 1000)..<((image + 1) * 1000)]) == expected)
    }
  }
}
