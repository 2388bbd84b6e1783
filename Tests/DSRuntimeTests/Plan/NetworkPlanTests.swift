import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import Testing

@Suite("Plans of networks")
struct NetworkPlanTests {
  /// Every layer once, in order, each step reading what its layers read.
  private func expectFaithful(_ plan: NetworkPlan) {
    let network = plan.network
    #expect(plan.steps.flatMap(\.layers) == Array(network.layers.indices))
    for step in plan.steps {
      let first = network.layers[step.layers.lowerBound]
      let last = network.layers[step.layers.upperBound - 1]
      #expect(step.problem.stages == network.layers[step.layers].map(\.stage))
      #expect(step.input.map { plan.steps[$0].layers.upperBound - 1 } == first.input)
      #expect(step.residual.map { plan.steps[$0].layers.upperBound - 1 } == last.residual)
      #expect(step.choice.kernel.operation == step.problem.operation)
      #expect((1...plan.workers).contains(step.choice.workers))
    }
  }

  @Test("Without choices nothing is fused", arguments: Model.allCases, [1, 2, 64])
  func unfused(model: Model, workers: Int) throws {
    let network = try Network(model: model)
    let plan = try NetworkPlan(network, workers: workers, fusing: { _ in false })
    expectFaithful(plan)
    #expect(plan.steps.count == network.layers.count)
    #expect(plan.steps.map(\.name) == network.layers.map(\.name))
  }

  /// v2's blocks are groups of three and hold groups of two; the longest wins.
  @Test(
    "With a choice for every block, the longest is fused",
    arguments: [
      (Model.mobileNetV1, [Operator.entry: 1, .separable: 12]),
      (.mobileNetV2, [.entry: 1, .invertedResidual: 16, .pooled: 1]),
      (.xception, [.separable: 30, .reduction: 4]),
    ])
  func fused(model: Model, blocks: [Operator: Int]) throws {
    let plan = try NetworkPlan(Network(model: model), fusing: { _ in true })
    expectFaithful(plan)
    let fused = plan.steps.filter { $0.layers.count > 1 }
    #expect(Dictionary(grouping: fused, by: \.problem.operation).mapValues(\.count) == blocks)
  }

  @Test("Exactly the chosen block is fused, wherever it occurs")
  func oneBlock() throws {
    let network = try Network(model: .mobileNetV1)
    let key = "separable 3x3 s1 p1,1 14x14x512->512 relu6,relu6 f32"
    let plan = try NetworkPlan(network, fusing: { $0.problem.key == key })
    expectFaithful(plan)
    let fused = plan.steps.filter { $0.layers.count > 1 }
    #expect(fused.count == 5)
    #expect(fused.allSatisfy { $0.problem.key == key && $0.choice.kernel.method == .fused })
    #expect(fused[0].name == "conv_dw_7…conv_pw_7")
  }

  @Test("A choice for a single layer is used for all layers like it")
  func singleChoice() throws {
    let network = try Network(model: .mobileNetV1)
    let problem = try Problem(key: "pointwise 14x14x512->512 relu6 f32")
    let choice = KernelChoice(
      kernel: try Registry.standard.kernel(id: "f32-pointwise-naive__baseline"),
      values: KernelParameters(), workers: 1)
    let plan = try NetworkPlan(
      network, choices: [problem: choice], model: .live, instructionSet: .baseline, workers: 1)
    for step in plan.steps {
      #expect((step.choice.kernel.id == choice.kernel.id) == (step.problem == problem))
    }
  }

  @Test("Scores are what the softmax reads, or the last step's output")
  func scoreStep() throws {
    let plan = try NetworkPlan(Network(model: .mobileNetV2), fusing: { _ in false })
    #expect(plan.steps[plan.scoreStep].problem.operation == .dense)
    #expect(plan.steps[plan.steps.count - 1].problem.operation == .softmax)
    #expect(plan.flops == 2 * plan.network.layers.reduce(0) { $0 + $1.stage.multiplyAdds })
  }

  @Test("A layer that no kernel can run is named")
  func noKernel() throws {
    let network = try Network(model: .mobileNetV1)
    let error = #expect(throws: RuntimeError.self) {
      try NetworkPlan(
        network, choices: [:], model: .live, instructionSet: .baseline, workers: 1,
        registry: Registry([]))
    }
    #expect(
      error == .noKernel(layer: network.layers[0].name, problem: network.layers[0].problem.key))
  }
}
