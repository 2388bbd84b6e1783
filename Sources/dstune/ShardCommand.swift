import DSCommandLine
import DSCommands
import DSNetworks
import DSTuning

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
    return try job.finish(try job.run(), in: OutputForm(arguments, console))
  }
}
