import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// `dstune explain`: why a schedule says what it says.
enum ExplainCommand {
  static let command = Command(
    "explain", summary: "Say what bounds a problem, who lost by how much, and what was not tried",
    details: """
      Predictions are worked out again from the roofs in the schedule; losers, and what was not timed, come \
      from the journal of trials, where it lies beside the schedule.
      """,
    examples: [
      .init("dstune explain xception.schedule.json", "One line a problem, and what was found out"),
      .init(
        "dstune explain v1.schedule.json 'depthwise 3x3 s1 p1,1 112x112x32 relu6 f32'",
        "One problem"),
    ],
    flags: [
      SharedFlags.model,
      Flag(
        "journal", value: .path, category: "Input", summary: "The trials behind the schedule",
        default: .described("the schedule's name with .trials.jsonl")),
    ],
    positionals: [
      Positional("FILE", value: .path, summary: "the schedule"),
      Positional("PROBLEM", summary: "key of one problem", arity: .optional),
    ]
  ) { arguments, console in
    let path = arguments.positional("FILE") ?? ""
    let schedule = try ScheduleFile.read(path)
    let network = try ScheduleFile.network(
      of: schedule, path: path, model: arguments.string("model"))
    let journal = arguments.string("journal") ?? TuningFiles.journal(besides: path)
    var recorded: (header: JournalHeader, trials: RecordedTrials)?
    if AtomicPath(journal).holdsData || arguments.string("journal") != nil {
      do {
        let read = try Journal.read(path: journal)
        recorded = (read.header, read.trials)
      } catch {
        throw CommandFailure(.unreadableInput, "\(error)")
      }
    } else {
      console.note("no journal at \(journal): losers cannot be named")
    }
    let explanation = Explanation(schedule, network: network, recorded: recorded)
    guard let key = arguments.positional("PROBLEM") else {
      for entry in schedule.entries { try console.print(explanation.line(entry)) }
      try FindingsText(schedule, journal: recorded == nil ? nil : journal)?
        .write(to: console, in: OutputForm(console))
      return .ok
    }
    guard let entry = schedule.entry(for: key) else {
      throw CommandFailure(
        .unreadableInput, "\(path): has no entry for '\(key)'",
        hint: "dstune explain \(path) lists those it has")
    }
    for line in explanation.lines(entry) { try console.print(line) }
    return .ok
  }
}
