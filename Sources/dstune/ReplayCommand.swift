import DSCommandLine
import DSCommands
import DSCore
import DSNetworks
import DSRuntime
import DSTuning

/// `dstune replay`: decides the races of a journal again, without running anything.
enum ReplayCommand {
  static let command = Command(
    "replay", summary: "Decide recorded trials again, without running anything",
    details: """
      Gives the schedule that the journal's trials support. With --rounds only the first rounds of every \
      race count: what a shorter search would have chosen.
      """,
    examples: [
      .init("dstune replay xception.trials.jsonl -o again.schedule.json", "The same schedule"),
      .init(
        "dstune replay xception.trials.jsonl --rounds 16", "What sixteen rounds would have said"),
    ],
    flags: [
      Flag(
        "rounds", value: .integer(1...10000), category: "Search",
        summary: "Rounds of each race that count", default: .described("all")),
      SharedFlags.model, SharedFlags.output, SharedFlags.format(["md", "json"]),
    ],
    positionals: [Positional("JOURNAL", value: .path, summary: "made by dstune")]
  ) { arguments, console in
    let path = arguments.positional("JOURNAL") ?? ""
    let output = arguments.string("output")
    if let output {
      if AtomicPath(output).isSame(as: AtomicPath(path)) {
        throw arguments.usageError("\(output): --output and the journal must be different files")
      }
      try ScheduleFile.checkReplaceable(output)
    }
    let header: JournalHeader
    let trials: RecordedTrials
    let network: Network
    var request: TuningRequest
    do {
      (header, trials, _) = try Journal.read(path: path)
      request = try header.request(model: arguments.string("model"), path: path)
      network =
        request.network.inMicroBatches(ofProblems: trials.races.keys) ?? request.network
      request.network = network
    } catch {
      throw CommandFailure(.unreadableInput, "\(error)")
    }
    request.isReplay = true
    request.maximumRounds = arguments.integer("rounds")
    let machine = LiveMachine.current.description
    if let field = header.machineDifference(from: machine) {
      throw CommandFailure(
        .unreadableInput, "\(path): was recorded on another machine: \(field)",
        hint: "replay it where it was made")
    }
    let result: TuningResult
    do {
      result = try Tuner(
        request, machine: header.restoring(machine), declared: machine,
        patterns: header.patterns, recorded: trials.limited(toRounds: request.maximumRounds)
      ).tune()
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
    if let output { try ScheduleFile.write(result.schedule, to: output) }
    try TuningSummary(result, network: network, output: output)
      .print(arguments.string("format") ?? "md", to: console)
    return .ok
  }
}
