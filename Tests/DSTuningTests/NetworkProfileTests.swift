import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSTuning
import Testing

/// Decisions on made-up step times: what is faster inside the network, and what only looks so.
@Suite struct NetworkProfileTests {
  private let network: Network
  /// The default twice, another tile for the pointwise layer, depthwise and pointwise fused.
  private let plans: [NetworkPlan]
  private let pointwise: Problem
  private let fused: Problem

  init() throws {
    network = try TuningSamples.tinyNetwork()
    pointwise = network.layers[2].problem
    let group = try #require(network.fusionGroups.first { $0.layers == 1..<3 })
    fused = group.problem
    let model = CostModel(machine: TuningSamples.machine)
    func candidates(_ problem: Problem) -> [Candidate] {
      model.candidates(
        problem, registry: .standard, upTo: Registry.bestInstructionSet, workers: 1)
    }
    func plan(_ choices: [Problem: KernelChoice], on network: Network) throws -> NetworkPlan {
      try NetworkPlan(
        network, choices: choices, model: model, instructionSet: Registry.bestInstructionSet,
        workers: 1)
    }
    let standard = try plan([:], on: network)
    let other = try #require(
      candidates(pointwise).first { $0.kernel.method == .simd && $0.values.p0 == 1 })
    let block = try #require(candidates(fused).first)
    plans = [
      standard, standard, try plan([pointwise: KernelChoice(other)], on: network),
      try plan([fused: KernelChoice(block)], on: network),
    ]
  }

  /// Steps of 1000 ns, times `factor(plan, layer)` and a drift that all plans of a round share; layers of a
  /// fused step add up.
  private func profile(
    rounds: Int = 30, jitter: Double = 0, _ factor: (_ plan: Int, _ layer: Int) -> Double
  ) -> NetworkProfile {
    var generator = SeededGenerator(seed: 7)
    var nanoseconds = [[[UInt64]]](repeating: [], count: plans.count)
    for round in 0..<rounds {
      let drift = 1 + 0.5 * Double(round % 5)
      for (index, plan) in plans.enumerated() {
        nanoseconds[index].append(
          plan.steps.map { step in
            let nominal = step.layers.reduce(0) { $0 + 1000 * factor(index, $1) }
            return UInt64(nominal * drift * (1 + jitter * Double(generator.nextUnitFloat())))
          })
      }
    }
    return NetworkProfile(network: network, plans: plans, nanoseconds: nanoseconds)
  }

  @Test func keepsTheDefaultWhereNothingDiffers() {
    let choice = profile { _, _ in 1 }.choice(.largeGains)
    #expect(choice.tuned.isEmpty)
    #expect(choice.fused.isEmpty)
  }

  @Test func findsAFasterWinner() {
    let choice = profile(jitter: 0.02) { plan, layer in plan == 2 && layer == 2 ? 0.9 : 1 }.choice(
      .largeGains)
    #expect(choice.tuned == [pointwise.key])
    #expect(choice.fused.isEmpty)
  }

  /// A tenth of a percent of the network.
  @Test func leavesAWinnerThatSavesNextToNothing() {
    let choice = profile { plan, layer in plan == 2 && layer == 2 ? 0.994 : 1 }.choice(.largeGains)
    #expect(choice.tuned.isEmpty)
  }

  /// Of a layer that takes a tenth of the others a tenth is a quarter of a percent of the network.
  @Test func takesAWinnerThatIsSurelyFasterThoughItSavesLittle() {
    func choice(_ part: Double, _ gain: Double) -> InNetworkChoice {
      profile(jitter: 0.002) { plan, layer in
        layer == 2 ? part * (plan == 2 ? gain : 1) : 1
      }.choice(.largeGains)
    }
    #expect(choice(0.1, 0.9).tuned == [pointwise.key])
    #expect(choice(0.1, 0.97).tuned.isEmpty)
    #expect(choice(0.01, 0.9).tuned.isEmpty)
  }

  /// Who races the whole network afterwards may try them.
  @Test func smallGainsAreFoundWhereTheyCount() {
    let profile = profile { plan, layer in
      switch (plan, layer) {
      case (2, 2): 0.994
      case (3, 1...2): 0.996
      default: 1
      }
    }
    #expect(profile.choice(.largeGains).tuned.isEmpty)
    #expect(profile.choice(.largeGains).fused.isEmpty)
    #expect(profile.choice(.allGains).tuned == [pointwise.key])
    #expect(profile.choice(.allGains).fused == [fused.key])
  }

  /// Alone it was faster, or it would not be in this plan.
  @Test func leavesAWinnerThatIsSlowerHere() {
    let choice = profile(jitter: 0.02) { plan, layer in plan == 2 && layer == 2 ? 1.1 : 1 }.choice(
      .largeGains)
    #expect(choice.tuned.isEmpty)
  }

  @Test func fusesWhatIsFasterAsABlock() {
    let choice = profile(jitter: 0.02) { plan, layer in
      plan == 3 && (1...2).contains(layer) ? 0.8 : 1
    }
    .choice(.largeGains)
    #expect(choice.fused == [fused.key])
  }

  /// The block is 10 % faster than the default's layers, the winner saves more.
  @Test func comparesABlockWithTheWinnersNotWithTheDefaults() {
    let choice = profile { plan, layer in
      switch (plan, layer) {
      case (2, 2): 0.6
      case (3, 1...2): 0.9
      default: 1
      }
    }.choice(.largeGains)
    #expect(choice.tuned == [pointwise.key])
    #expect(choice.fused.isEmpty)
  }

  /// Two copies of the default differ by 6 % everywhere, so 2 % are no gain.
  @Test func claimsNothingBelowWhatTheDefaultDiffersFromItself() {
    let profile = profile { plan, layer in
      switch (plan, layer) {
      case (1, _): 1.06
      case (2, 2): 0.98
      default: 1
      }
    }
    #expect((1.05...1.07).contains(profile.noiseFloor))
    #expect(profile.choice(.largeGains).tuned.isEmpty)
  }

  @Test func claimsNothingFromJitter() {
    let choice = profile(rounds: 9, jitter: 0.3) { _, _ in 1 }.choice(.largeGains)
    #expect(choice.tuned.isEmpty)
    #expect(choice.fused.isEmpty)
  }

  @Test func claimsNothingFromTooFewRounds() {
    let choice = profile(rounds: 5) { plan, _ in plan >= 2 ? 0.5 : 1 }.choice(.largeGains)
    #expect(choice.tuned.isEmpty)
    #expect(choice.fused.isEmpty)
  }
}
