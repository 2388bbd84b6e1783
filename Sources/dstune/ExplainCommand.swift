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
      Predictions and pruning are worked out again from the roofs in the schedule; losers come from the \
      journal of trials, where it lies beside the schedule.
      """,
    examples: [
      .init("dstune explain xception.schedule.json", "One line a problem"),
      .init(
        "dstune explain v1.schedule.json 'depthwise 3x3 s1 p1,1 112x112x32 relu6 f32'",
        "One problem"),
    ],
    flags: [
      Flag(
        "journal", value: .path, category: "Input", summary: "The trials behind the schedule",
        default: .described("the schedule's name with .trials.jsonl"))
    ],
    positionals: [
      Positional("FILE", value: .path, summary: "the schedule"),
      Positional("PROBLEM", summary: "key of one problem", arity: .optional),
    ]
  ) { arguments, console in
    let path = arguments.positional("FILE") ?? ""
    let schedule = try ScheduleFile.read(path)
    let network = try ScheduleFile.network(of: schedule, path: path)
    let stem = path.hasSuffix(".schedule.json") ? path.dropLast(14) : path[...]
    let journal = arguments.string("journal") ?? stem + ".trials.jsonl"
    let trials = (try? Journal.read(path: journal))?.trials
    if trials == nil { console.note("no journal at \(journal): losers cannot be named") }
    let explanation = Explanation(schedule, network: network, trials: trials)
    guard let key = arguments.positional("PROBLEM") else {
      for entry in schedule.entries { try console.print(explanation.line(entry)) }
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

/// The reasons behind a schedule's entries.
private struct Explanation {
  private let machine: MachineDescription
  private let schedule: Schedule
  private let network: Network
  private let trials: RecordedTrials?

  init(_ schedule: Schedule, network: Network, trials: RecordedTrials?) {
    var machine = LiveMachine.current.description
    machine.roofs = schedule.machine.roofs
    self.machine = machine
    self.schedule = schedule
    self.network = network
    self.trials = trials
  }

  private func microseconds(_ value: Double) -> String {
    Quantity.fixed(value, decimals: 1) + " µs"
  }

  func line(_ entry: ScheduleEntry) -> String {
    let bound = entry.bound.map { "bound by \($0)" } ?? "bound unknown"
    return "\(entry.problem): \(entry.kernel), \(microseconds(entry.microseconds.median)), "
      + "\(bound), \(entry.state.rawValue)"
      + (entry.ties.isEmpty ? "" : ", \(entry.ties.count) ties")
  }

  func lines(_ entry: ScheduleEntry) -> [String] {
    guard let problem = try? Problem(key: entry.problem) else { return [line(entry)] }
    let workers = CorePattern(entry.cores)?.workers ?? 1
    let roof = ProblemRoof(problem, workers: workers, machine: machine)
    let percent = 100 * roof.microseconds / max(entry.microseconds.median, 1e-9)
    var lines = [
      entry.problem,
      "  \(problem.multiplyAdds) multiply-adds, \(problem.compulsoryBytes) bytes at least, "
        + "\(entry.count) times in the network",
      "  bound by \(roof.bound): at least \(microseconds(roof.microseconds)); measured "
        + "\(microseconds(entry.microseconds.median)) "
        + "[\(microseconds(entry.microseconds.low)), \(microseconds(entry.microseconds.high))], "
        + "\(Quantity.fixed(percent, decimals: 0)) % of the roof, \(entry.microseconds.samples) samples",
      "  kernel \(entry.kernel) on \(entry.cores), \(entry.state.rawValue)",
    ]
    if let ratio = entry.vsDefault {
      lines.append(
        "  \(Quantity.fixed(ratio.ratio, decimals: 3)) times as fast as the default "
          + "[\(Quantity.fixed(ratio.low, decimals: 3)), \(Quantity.fixed(ratio.high, decimals: 3))]"
      )
    }
    lines += entry.ties.map { "  tied: \($0)" }
    if let note = entry.note { lines.append("  \(note)") }
    return lines + losers(entry) + pruned(problem, workers: schedule.threads)
  }

  private func losers(_ entry: ScheduleEntry) -> [String] {
    guard let race = trials?.races[entry.problem], !race.rounds.isEmpty else { return [] }
    var lines = ["  raced, median of the rounds each took part in:"]
    let medians = race.candidates.indices.map {
      index -> (label: String, median: Double, rounds: Int) in
      let times = race.rounds.flatMap { $0 }.filter {
        $0.candidate == index && $0.dropReason == nil
      }
      .map { $0.nanosecondsPerRun / 1000 }.sorted()
      return (
        race.candidates[index], times.isEmpty ? .infinity : times[times.count / 2], times.count
      )
    }
    let best = medians.map(\.median).min() ?? 1
    for row in medians.sorted(by: { $0.median < $1.median }) {
      lines.append(
        "    \(microseconds(row.median)) \(Quantity.fixed(row.median / best, decimals: 3))x "
          + "\(row.label) (\(row.rounds) rounds)")
    }
    return lines
  }

  private func pruned(_ problem: Problem, workers: Int) -> [String] {
    let request = TuningRequest(
      network: network, instructionSet: Registry.bestInstructionSet,
      processors: Array(0..<workers))
    guard
      let space = SearchSpace(
        problem, count: 1, request: request, workerCounts: [workers],
        model: CostModel(machine: machine),
        defaultModel: CostModel(machine: LiveMachine.current.description))
    else { return [] }
    var reasons: [String: Int] = [:]
    for row in space.pruned {
      let kind =
        row.reason.hasPrefix("the same") ? "the same program as another candidate" : row.reason
      reasons[kind.hasPrefix("predicted") ? "predicted too slow" : kind, default: 0] += 1
    }
    return ["  not timed: \(space.pruned.count) candidates"]
      + reasons.sorted { $0.key < $1.key }.map { "    \($0.value): \($0.key)" }
  }
}
