import DSCore
import DSNetworks
import DSRuntime
import Testing

@Suite("The plan of activation memory")
struct MemoryPlanTests {
  private typealias Lifetime = MemoryPlan.Lifetime

  private func areAlive(_ left: Lifetime, _ right: Lifetime) -> Bool {
    max(left.first, right.first) <= min(left.last, right.last)
  }

  private func padded(_ lifetime: Lifetime) -> Int { (lifetime.byteCount + 63) / 64 * 64 }

  /// What no plan may break, and what no plan can beat.
  private func expectSound(_ plan: MemoryPlan, _ lifetimes: [Lifetime]) {
    #expect(plan.offsets.count == lifetimes.count)
    for (index, lifetime) in lifetimes.enumerated() {
      let offset = plan.offsets[index]
      #expect(offset >= 0 && offset % lifetime.alignment == 0)
      #expect(offset + lifetime.byteCount <= plan.byteCount)
      for other in 0..<index where areAlive(lifetime, lifetimes[other]) {
        let isApart =
          offset + lifetime.byteCount <= plan.offsets[other]
          || plan.offsets[other] + lifetimes[other].byteCount <= offset
        #expect(isApart, "\(lifetime) and \(lifetimes[other]) share bytes")
      }
    }
    let steps = 0..<((lifetimes.map(\.last).max() ?? -1) + 1)
    let mostAlive = steps.map { step in
      lifetimes.filter { ($0.first...$0.last).contains(step) }.reduce(0) { $0 + padded($1) }
    }.max()
    #expect(plan.byteCount >= mostAlive ?? 0)
    #expect(plan.byteCount <= lifetimes.reduce(0) { $0 + padded($1) + $1.alignment - 64 })
  }

  @Test("Random lifetimes", arguments: 0..<200)
  func random(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let lifetimes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
      let first = Int.random(in: 0..<50, using: &generator)
      return Lifetime(
        byteCount: Int.random(
          in: 0...(1 << Int.random(in: 0...20, using: &generator)), using: &generator),
        first: first, last: first + Int.random(in: 0...10, using: &generator),
        alignment: 64 * (seed % 2 == 0 ? 1 : Int.random(in: 1...300, using: &generator)))
    }
    let plan = MemoryPlan(lifetimes)
    expectSound(plan, lifetimes)
    #expect(MemoryPlan(lifetimes).offsets == plan.offsets)
  }

  @Test("A chain of equal tensors needs two of them")
  func chain() {
    let lifetimes = (0..<20).map { Lifetime(byteCount: 1000, first: $0, last: $0 + 1) }
    #expect(MemoryPlan(lifetimes).byteCount == 2 * 1024)
  }

  @Test("Nothing at all needs nothing")
  func empty() {
    #expect(MemoryPlan([]).byteCount == 0)
    #expect(MemoryPlan([Lifetime(byteCount: 0, first: 0, last: 3)]).byteCount == 0)
  }

  /// In the order of execution: a step's output is there from that step until its last reader, and the
  /// scores until the end.
  @Test("The networks' tensors", arguments: Model.allCases, SampleNetworks.instructionSets)
  func networks(model: Model, instructionSet: InstructionSet) throws {
    for isFused in [false, true] {
      let plan = try NetworkPlan(
        Network(model: model), instructionSet: instructionSet, workers: 2, fusing: { _ in isFused })
      let last = plan.steps.count - 1
      let lifetimes = plan.steps.indices.map { index in
        let readers = plan.steps.indices.filter {
          plan.steps[$0].input == index || plan.steps[$0].residual == index
        }
        let layout = TensorLayout(
          shape: plan.steps[index].problem.output, channelBlock: plan.channelBlock)
        return Lifetime(
          byteCount: layout.byteCount, first: index,
          last: index == plan.scoreStep ? last : readers.max() ?? index)
      }
      expectSound(MemoryPlan(plan), lifetimes)
    }
  }

  /// Twice the largest pair of neighbours would be more; a plan that keeps everything, ten times that.
  @Test(
    "Peak activations stay within their budgets",
    arguments: [(Model.mobileNetV1, 5_000_000), (.mobileNetV2, 6_100_000), (.xception, 25_000_000)])
  func budgets(model: Model, byteCount: Int) throws {
    for instructionSet in SampleNetworks.instructionSets {
      for workers in [1, 2, 4] {
        let plan = try NetworkPlan(
          Network(model: model), instructionSet: instructionSet, workers: workers,
          fusing: { _ in false })
        #expect(MemoryPlan(plan).byteCount <= byteCount, "\(instructionSet), \(workers)")
      }
    }
  }
}
