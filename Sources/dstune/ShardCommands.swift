import DSCommandLine
import DSCommands
import DSCore
import DSNetworks
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
    ] + TuneCommand.machineFlags + [TuneCommand.effort, TuneCommand.seed, SharedFlags.output]
  ) { arguments, console in
    if let path = arguments.string("output") { try AtomicPath(path).checkWritable() }
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

/// `dstune run`: one machine's part of a divided tuning.
enum ShardCommand {
  static let command = Command(
    "run", summary: "Race one shard of a plan on this machine",
    details: """
      Threads, cores, instruction set, effort and seed are those of the plan; --threads and --isa may repeat \
      them and change nothing.
      """,
    examples: [.init("dstune run plan.json --shard $SLURM_ARRAY_TASK_ID", "In a job array")],
    flags: [
      Flag(
        "shard", value: .integer(0...10000), category: "Search", summary: "Which part, from 0",
        isRequired: true)
    ] + SharedFlags.machine + [TuneCommand.time] + TuneCommand.outputFlags,
    positionals: [Positional("PLAN", value: .path, summary: "made by dstune plan")]
  ) { arguments, console in
    let path = arguments.positional("PLAN") ?? ""
    let index = arguments.integer("shard") ?? 0
    let plan = try PlanFile.read(path)
    guard let shard = plan.shard(index) else {
      throw arguments.usageError("\(ShardPlanError.noSuchShard(index, count: plan.shards.count))")
    }
    let network: Network
    do {
      network = try Network(
        model: plan.model, width: plan.width, resolution: plan.resolution, batch: plan.batch)
    } catch {
      throw CommandFailure(.unreadableInput, "\(path): \(error)")
    }
    let job = try TuningJob(arguments, network: network, console: console, plan: (plan, shard))
    InterruptFlag.install()
    return try job.finish(try job.run(), format: arguments.string("format") ?? "md")
  }
}
