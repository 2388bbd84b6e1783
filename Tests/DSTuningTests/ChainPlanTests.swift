import DSCore
import DSNetworks
import DSTuning
import Testing

@Suite struct ChainPlanTests {
  /// The cheapest way to cover the layers from `start` on, by trying all.
  private func cheapest(
    _ layers: ArraySlice<Layer>, _ groups: [FusionGroup],
    cost: (Problem) -> Double?
  ) -> Double {
    guard let first = layers.first else { return 0 }
    func rest(from index: Int) -> Double {
      cheapest(layers[index...], groups, cost: cost)
    }
    var best = (cost(first.problem) ?? 0) + rest(from: layers.startIndex + 1)
    for group in groups where group.layers.lowerBound == layers.startIndex {
      guard let block = cost(group.problem) else { continue }
      best = min(best, block + rest(from: group.layers.upperBound))
    }
    return best
  }

  /// Expand, depthwise and project, several times over: pairs and triples that overlap.
  private func chain(_ blocks: Int, _ generator: inout SeededGenerator) throws -> Network {
    var layers = [LayerDefinition(.standard, "stem", kernel: 3, padding: .same, channels: 8)]
    for block in 0..<blocks {
      let channels = Int(generator.next() % 3) * 8 + 16
      layers += [
        LayerDefinition(.pointwise, "expand\(block)", channels: channels, activation: .relu6),
        LayerDefinition(
          .depthwise, "depthwise\(block)", kernel: 3, padding: .same, activation: .relu6),
        LayerDefinition(.pointwise, "project\(block)", channels: 8 + block % 2 * 8),
      ]
    }
    layers += [LayerDefinition(.averagePooling, "pool"), LayerDefinition(.dense, "d", channels: 4)]
    return try Network(
      NetworkDefinition(
        name: "chain", image: FeatureShape(height: 8, width: 8, channels: 3), classes: 4,
        layers: layers))
  }

  @Test(arguments: 0..<40) func findsTheCheapestCover(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let network = try chain(1 + Int(seed % 4), &generator)
    #expect(!network.fusionGroups.isEmpty)
    var costs: [Problem: Double] = [:]
    for layer in network.layers {
      costs[layer.problem] = Double(1 + generator.next() % 1000)
    }
    for group in network.fusionGroups where generator.next() % 4 > 0 {
      costs[group.problem] = Double(1 + generator.next() % 2500)
    }
    let plan = ChainPlan(network) { costs[$0] }
    let expected = cheapest(network.layers[...], network.fusionGroups) { costs[$0] }
    #expect((plan.microseconds - expected).magnitude < 1e-9 * expected)
    #expect(plan.fused.isSubset(of: costs.keys))
  }

  @Test func nothingIsFusedWhereFusingCostsAsMuch() throws {
    let network = try Network(model: .mobileNetV2, width: 0.35, resolution: 32)
    let plan = ChainPlan(network) { Double($0.stages.count) }
    #expect(plan.fused.isEmpty)
    #expect(plan.microseconds == Double(network.layers.count))
  }

  @Test func aFreeBlockIsUsedEverywhere() throws {
    let network = try Network(model: .mobileNetV1, width: 0.25, resolution: 32)
    // One kind only: blocks of another would share layers with them.
    let plan = ChainPlan(network) { problem in
      problem.operation == .separable ? 0.5 : problem.stages.count == 1 ? 1 : nil
    }
    let pairs = network.fusionGroups.map(\.problem).filter { $0.operation == .separable }
    #expect(plan.fused == Set(pairs))
  }
}
