import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// `dstune`: finds the fastest kernels for a network on this machine and writes them as a schedule.
enum TuneCommand {
  static let command = Command(
    "dstune", summary: "Find the fastest kernels for a network on this machine",
    details: """
      Reads caches and cores from hwloc, times the candidates for every layer shape side by side, decides \
      over the whole network which blocks to fuse, and saves the winners as a JSON schedule. Ctrl-C and \
      --time stop early with the best so far; the journal keeps every trial, and --resume continues it.
      """,
    examples: [
      .init("dstune --model xception", "Tune for all cores; writes xception.schedule.json"),
      .init("dstune -m mobilenet-v2 -w 0.5 -t 1 --time 10s", "One thread, ten seconds"),
      .init("dstune -m mobilenet-v1 --resume", "Go on where an interrupted run stopped"),
      .init(
        "HWLOC_SYNTHETIC='pack:2 l3:4 l2:8 core:1 pu:2' dstune -m xception --effort estimate",
        "Predict a schedule for a machine that is not here"),
    ],
    flags: SharedFlags.network + machineFlags + [effort, products, time, seed] + outputFlags,
    subcommands: [
      CheckCommand.command, ExplainCommand.command, DiffCommand.command, MergeCommand.command,
      ReplayCommand.command, TopologyCommand.command, PlanCommand.command, ShardCommand.command,
    ],
    run: run)

  static let machineFlags = [
    SharedFlags.threads,
    Flag(
      "cores", value: .string, placeholder: "PATTERN", category: "Machine",
      summary: "Cores to use, such as 4c/1pu/1xL3 (see dstune topology)"),
    SharedFlags.instructionSet,
  ]

  static let effort = Flag(
    "effort", value: .choice(Effort.allCases.map(\.rawValue)), category: "Search",
    summary: "How hard to look", default: .value(Effort.measure.rawValue))

  static let products = Flag(
    "products", value: .choice(ProductRule.allCases.map(\.rawValue)), category: "Search",
    summary: "Whether Strassen's algorithm may compete, or only the formula's own products",
    details: """
      It does seven multiplications for eight, rounds otherwise than a network without a schedule and takes 1.75 times \
      the memory for its weights.
      """,
    default: .value(ProductRule.any.rawValue))

  static let time = Flag(
    "time", value: .duration(0.1...1e6), category: "Search",
    summary: "Stop after this long with the best so far")

  static let seed = Flag(
    "seed", value: .integer(0...Int.max), category: "Search",
    summary: "Of everything drawn at random", default: .value("1"))

  static let outputFlags = [
    Flag(
      "output", short: "o", value: .path, category: "Output", summary: "Schedule to write",
      default: .described("MODEL.schedule.json, with what differs from the usual")),
    Flag(
      "journal", value: .path, category: "Output", summary: "File that keeps every trial",
      default: .described("the output's name with .trials.jsonl")),
    Flag("resume", category: "Output", summary: "Continue the journal of an interrupted run"),
    SharedFlags.format(["md", "json"]),
  ]

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let network = try arguments.network()
    let job = try TuningJob(arguments, network: network, console: console)
    InterruptFlag.install()
    return try job.finish(try job.run(), in: OutputForm(arguments, console))
  }
}
