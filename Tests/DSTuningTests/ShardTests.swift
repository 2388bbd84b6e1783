import DSCore
import DSKernels
import DSNetworks
import DSSchedule
import DSTuning
import Testing

@Suite struct ShardTests {
  private func tuner(_ network: Network) throws -> Tuner {
    try TuningSamples.tuner(TuningSamples.request(network, workers: 2))
  }

  @Test(arguments: Model.allCases, [1, 2, 3, 7, 100])
  func everyProblemIsInOneShardAndReferencesInAll(model: Model, shards: Int) throws {
    let tuner = try tuner(Network(model: model))
    let plan = ShardPlan(tuner, model: model.rawValue, shardCount: shards)
    let keys = tuner.searchSpaces().map(\.problem.key)
    #expect(plan.shards.count == shards)
    #expect(plan.shards.flatMap(\.self).sorted() == keys.sorted())
    #expect(!plan.references.isEmpty && Set(plan.references).isSubset(of: keys))
    for index in 0..<shards {
      let shard = try #require(plan.shard(index))
      #expect(shard.problems == Set(plan.shards[index] + plan.references))
    }
    #expect(plan.shard(-1) == nil && plan.shard(shards) == nil)
  }

  /// A shard that did its part has nothing to excuse; one that was stopped says what is missing.
  @Test func shardsDoNotTimeTheNetworkAndSayNothingOfIt() throws {
    let network = try TuningSamples.tinyNetwork()
    for isStopped in [false, true] {
      var request = TuningSamples.request(network)
      request.shard = try ShardPlan(
        TuningSamples.tuner(request), model: "tiny", shardCount: 2
      ).shard(0)
      let tuner = try Tuner(
        request, machine: TuningSamples.machine, declared: TuningSamples.machine,
        patterns: TuningSamples.patterns, shouldStop: { isStopped })
      let result = try tuner.tune()
      #expect(result.confirmation == nil)
      #expect(result.schedule.entries.count == request.shard?.problems.count)
      #expect(!result.schedule.warnings.contains { $0.contains("whole network") })
      #expect(result.schedule.warnings.contains { $0.contains("were not timed") } == isStopped)
    }
  }

  @Test func plansSurviveTheFile() throws {
    let network = try Network(model: .mobileNetV1, width: 0.5, resolution: 96)
    let plan = try ShardPlan(
      tuner(network), model: "mobilenet-v1", cores: "2c/1pu/1xL3", shardCount: 3)
    let text = plan.json.prettyText()
    #expect(try ShardPlan(JSONValue(parsing: text.utf8)) == plan)
    #expect(plan.instructionSet == Registry.bestInstructionSet && plan.cores == "2c/1pu/1xL3")
    // Plans of earlier versions say less.
    var object = try plan.json.members()
    for field in ["isa", "cores", "seed"] { object[field] = nil }
    let earlier = try ShardPlan(.object(object))
    #expect(earlier.instructionSet == nil && earlier.cores == nil && earlier.seed == 1)
    #expect(earlier.shards == plan.shards)
  }

  @Test func plansKeepWhichProductsMayCompete() throws {
    let network = try Network(model: .mobileNetV1, width: 0.25, resolution: 32)
    var request = TuningSamples.request(network, workers: 2)
    request.products = .asWritten
    let plan = try ShardPlan(
      TuningSamples.tuner(request), model: "mobilenet-v1", shardCount: 2)
    #expect(plan.products == .asWritten)
    #expect(try ShardPlan(JSONValue(parsing: plan.json.prettyText().utf8)) == plan)
  }

  @Test func missingShardsAreNamed() throws {
    let network = try Network(model: .mobileNetV1, width: 0.5, resolution: 96)
    let plan = try ShardPlan(tuner(network), model: "mobilenet-v1", shardCount: 3)
    try plan.expectComplete(Set(plan.shards.joined()))
    let error = #expect(throws: ShardPlanError.self) {
      try plan.expectComplete(Set(plan.shards[0] + plan.shards[2]))
    }
    #expect(error == .missing(plan.shards[1].sorted(), shards: [1]))
    #expect(error?.description.contains("shard 1 ") == true)
  }

  @Test(arguments: [
    "1", "[]", "{}", #"{"schema":"dstune.plan/2.0"}"#, #"{"schema":"dstune.plan/1.0"}"#,
  ])
  func whatIsNoPlanIsRefused(text: String) throws {
    let json = try JSONValue(parsing: text.utf8)
    #expect(throws: ShardPlanError.notAPlan) { try ShardPlan(json) }
  }

  @Test(arguments: [
    ("threads", JSONValue.integer(0)), ("threads", .integer(-1)), ("threads", .string("2")),
    ("width", .string("1")), ("resolution", .number(32.5)), ("effort", .string("heroic")),
    ("shards", .array([])), ("shards", .array([.string("a")])),
    ("shards", .array([.array([.integer(1)])])), ("references", .null), ("model", .integer(1)),
    ("isa", .string("mmx")), ("isa", .integer(1)), ("cores", .string("two")), ("seed", .null),
    ("products", .string("none")), ("products", .integer(1)),
  ])
  func fieldsOfTheWrongKindAreRefused(field: String, value: JSONValue) throws {
    let network = try Network(model: .mobileNetV1, width: 0.25, resolution: 32)
    let plan = try ShardPlan(tuner(network), model: "mobilenet-v1", shardCount: 2)
    var object = try plan.json.members()
    object[field] = value
    #expect(throws: ShardPlanError.notAPlan) { try ShardPlan(.object(object)) }
  }

  // MARK: - Merging

  /// A schedule in which every problem of the network, fused ones too, takes `cost` microseconds.
  private func schedule(
    _ network: Network, slowdown: Double = 1, cost: (Problem) -> Double
  ) throws -> Schedule {
    var predicted = try TuningSamples.tuner(
      TuningSamples.request(network, effort: .estimate)
    ).tune().schedule
    let problems = Set(network.layers.map(\.problem) + network.fusionGroups.map(\.problem))
    predicted.entries = problems.map { problem in
      let time = cost(problem) * slowdown
      return ScheduleEntry(
        problem: problem.key, kernel: "k", state: .measured,
        microseconds: MeasuredInterval(
          median: time, low: time * 0.99, high: time * 1.01, samples: 20))
    }
    return predicted
  }

  @Test func mergingKeepsTheFusedBlocksOfTheCheapestChain() throws {
    let network = try Network(model: .mobileNetV2, width: 0.35, resolution: 32)
    func cost(_ problem: Problem) -> Double {
      Double(problem.flops % 977 + 50) * (problem.stages.count == 1 ? 1 : 1.8)
    }
    let merged = try schedule(network, cost: cost)
    let result = ShardMerge(merged, shards: [("a", merged)], network: network)
    let chain = ChainPlan(network, cost: cost)
    let kept = Set(result.schedule.entries.map(\.problem))
    #expect(!chain.fused.isEmpty && chain.fused.count < network.fusionGroups.count)
    #expect(
      kept == Set(network.layers.map(\.problem.key) + chain.fused.map(\.key)))
    #expect(result.oddShards.isEmpty)
  }

  @Test func theOddShardIsNamed() throws {
    let network = try Network(model: .mobileNetV1, width: 0.25, resolution: 32)
    let shards = try [1, 1.01, 1.3, 0.99].enumerated().map { index, slowdown in
      (
        name: "shard-\(index)",
        schedule: try schedule(network, slowdown: slowdown) { Double($0.flops % 100 + 1) }
      )
    }
    let merged = try Schedule.merge(shards.map(\.schedule)).schedule
    let result = ShardMerge(merged, shards: shards, network: network)
    #expect(result.oddShards.count == 1)
    #expect(result.oddShards.first?.hasPrefix("shard-2: ") == true)
  }

  /// Of two nobody is the majority: both are named.
  @Test func twoShardsThatDifferAreBothNamed() throws {
    let network = try Network(model: .mobileNetV1, width: 0.25, resolution: 32)
    func shards(_ slowdowns: [Double]) throws -> [(name: String, schedule: Schedule)] {
      try slowdowns.enumerated().map { index, slowdown in
        (
          name: "shard-\(index)",
          schedule: try schedule(network, slowdown: slowdown) { Double($0.flops % 100 + 1) }
        )
      }
    }
    let merged = try Schedule.merge(shards([1, 1.3]).map(\.schedule)).schedule
    let odd = try ShardMerge(merged, shards: shards([1, 1.3]), network: network).oddShards
    #expect(odd.count == 2)
    #expect(odd.contains { $0.contains("took 23.1 % less time") })
    #expect(odd.contains { $0.contains("took 30.0 % more time") })
    #expect(
      try ShardMerge(merged, shards: shards([1.3, 1]), network: network).oddShards.count == 2)
    #expect(try ShardMerge(merged, shards: shards([1, 1.01]), network: network).oddShards.isEmpty)
  }
}
