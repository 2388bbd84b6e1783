import DSCommandLine
import DSCommands
import DSCore
import DSRuntime
import DSTuning

/// `dstune replay`: decides the races of a journal again, without running anything.
enum ReplayCommand {
  static let command = Command(
    "replay", summary: "Decide recorded trials again, without running anything",
    details: """
      Gives the schedule that the journal's trials support. With --rounds only the first rounds of every \
      race count: what a shorter search would have chosen. With --accept the plan that was tried in the whole \
      network is kept even if too small a gain of it was shown; the schedule says so. Exit code 1: there is none.
      """,
    examples: [
      .init("dstune replay xception.trials.jsonl -o again.schedule.json", "The same schedule"),
      .init(
        "dstune replay xception.trials.jsonl --rounds 16", "What sixteen rounds would have said"),
      .init(
        "dstune replay xception.trials.jsonl --accept -o xception.schedule.json",
        "Keep the plan that the tuning did not"),
    ],
    flags: [
      Flag(
        "rounds", value: .integer(1...10000), category: "Search",
        summary: "Rounds of each race that count", default: .described("all")),
      Flag(
        "accept", category: "Search",
        summary: "Keep the plan that was tried, whatever it was shown to gain"),
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
    var request: TuningRequest
    do {
      (header, trials, _) = try Journal.read(path: path)
      request = try header.request(model: arguments.string("model"), path: path)
      request.network =
        request.network.inMicroBatches(ofProblems: trials.races.keys) ?? request.network
    } catch {
      throw CommandFailure(.unreadableInput, "\(error)")
    }
    request.isReplay = true
    request.isAccepting = arguments.flag("accept")
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
    if request.isAccepting { try expectPlan(result, path: path) }
    if let output { try ScheduleFile.write(result.schedule, to: output) }
    try TuningSummary(result, output: output, journal: path)
      .print(in: OutputForm(arguments, console), to: console)
    return .ok
  }

  /// Nothing is written where there is nothing to accept: the schedule would be another one than was asked for.
  private static func expectPlan(_ result: TuningResult, path: String) throws(CommandFailure) {
    if result.confirmation?.kept != nil { return }
    throw CommandFailure(
      .negative,
      result.confirmation == nil
        ? "\(path): the whole network was not timed often enough, so there is no plan to accept"
        : "\(path): no plan but the default was tried in the whole network, so there is none to accept",
      hint: result.confirmation == nil ? "go on with dstune --resume and more --time" : nil)
  }
}
