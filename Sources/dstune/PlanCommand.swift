import DSCommandLine
import DSCommands
import DSCore
import DSSchedule
import DSTuning

/// `dstune plan`: divides a tuning among machines.
enum PlanCommand {
  static let command = Command(
    "plan", summary: "Divide a tuning among several machines of one kind",
    examples: [
      .init("dstune plan --model xception --shards 4 -o plan.json", "Four parts"),
      .init("dstune run plan.json --shard 0", "The first of them, on some machine"),
    ],
    flags: SharedFlags.network + [
      Flag(
        "shards", value: .integer(1...10000), category: "Search", summary: "Parts to make",
        isRequired: true)
    ] + TuneCommand.machineFlags + [
      TuneCommand.effort, TuneCommand.products, TuneCommand.seed, SharedFlags.output,
    ]
  ) { arguments, console in
    if let path = arguments.string("output") {
      try AtomicPath(path).checkReplaceable(kind: "plan") { (try? PlanFile.read($0)) != nil }
    }
    let network = try arguments.network()
    let plan = ShardPlan(
      try TuningTask(arguments, network: network).planner(),
      model: arguments.string("model") ?? network.name,
      cores: arguments.string("cores"),
      shardCount: arguments.integer("shards") ?? 1)
    let text = plan.json.prettyText()
    guard let path = arguments.string("output") else {
      try console.write(text)
      return .ok
    }
    do {
      try AtomicFile.replace(path, with: Array(text.utf8))
    } catch {
      throw CommandFailure(.machineCannot, "\(path): cannot be written: \(error)")
    }
    console.note("\(plan.shards.count) shards written to \(path)")
    return .ok
  }
}
