import DSCommandLine
import DSCommands
import DSMeasurement
import DSNetworks
import DSReporting
import DSRuntime
import DSSchedule

/// `dsbench compare schedules`: one network with several schedules, run in turn.
enum CompareSchedulesCommand {
  static let command = Command(
    "schedules", summary: "Race schedules of one network against each other",
    details: """
      Runs whole inferences with each schedule in turn, in a new order each round, and compares the times \
      of the same round. The first schedule is the one the others are compared with, and runs a second \
      time against itself: what differs no more than that is no difference. The word 'default' stands for \
      no schedule. Rounds that other programs disturbed do not count; what then is known no better than to a factor \
      of two, or decides nothing, is 'undecided', and more time is spent on it, as much again at most.
      """,
    examples: [
      .init(
        "dsbench compare schedules default mobilenet-v1.schedule.json", "What tuning has gained"),
      .init(
        "dsbench compare schedules old.json new.json --fail-if-slower 2%",
        "In a test: exit with 1 where the new one is slower"),
    ],
    flags: SharedFlags.network + SharedFlags.machine + [
      Flag(
        "time", value: .duration(0.05...1e6), category: "Measurement",
        summary: "How long to measure", default: .value("10s")),
      SlownessLimit.flag,
    ] + ReportOutput.flags,
    positionals: [
      Positional(
        "SCHEDULE", value: .path, summary: "a schedule file, or 'default'", arity: .many(atLeast: 2)
      )
    ],
    run: run)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let limit = try SlownessLimit(arguments)
    let output = try ReportOutput(arguments, console)
    let paths = arguments.positionals("SCHEDULE")
    let schedules = try paths.map { path in
      path == "default" ? nil : try Schedule.reading(path)
    }
    let network = try network(arguments, schedules)
    let machine = try BenchMachine(
      arguments, workers: arguments.integer("threads"), console: console)
    let entrants = try entrants(network, paths, schedules, arguments, machine, console)
    InterruptFlag.install()
    let times = try ScheduleRace(
      entrants: entrants, network: network, seconds: arguments.seconds("time") ?? 10
    ).times { InterruptFlag.isRaised }
    let rows = ScheduleRow.rows(entrants.dropLast(), times)
    try output.write(report(rows, network: network, machine: machine))
    let undecided = Indecisions(
      rows: rows.compactMap { row in row.indecision.map { (row.name, $0) } }, count: rows.count)
    undecided.report(console)
    if InterruptFlag.isRaised { return .interrupted }
    let isSlower = rows.dropFirst().contains { row in
      guard let speed = row.speedup, let limit else { return false }
      return limit.isExceeded(by: 1 / speed.ratio, isShown: row.isSlower)
    }
    return isSlower ? .negative : undecided.exitCode(asksForVerdict: limit != nil)
  }

  private static func report(
    _ rows: [ScheduleRow], network: Network, machine: BenchMachine
  ) -> CommandReport {
    let schedules = ResultTable(
      name: "dsbench_schedules", records: rows, fields: ScheduleRow.fields, context: nil)
    var records = schedules
    records.prepend([(Column("model", kind: .text, role: .key), .text(network.name))])
    records.context = machine.context
    let floor = rows[0].floor
    return CommandReport(
      sections: [
        .init(
          heading: network.name, table: ScheduleRow.table(rows),
          footer: floor.map {
            "noise floor \(Quantity.percent($0.ratio - 1)): the first against itself"
          } ?? "")
      ], context: machine.context, records: records,
      json: .object([
        "model": .string(network.name), "noise_floor": .optional(floor?.ratio),
        "schedules": .array(schedules.objects),
        "warnings": .array(machine.warnings.map(JSONValue.string)),
        "context": machine.context.json,
      ]))
  }

  /// `--model`, or the network of the first schedule.
  private static func network(
    _ arguments: Arguments, _ schedules: [Schedule?]
  ) throws -> Network {
    if arguments.string("model") != nil { return try arguments.network() }
    guard let identity = schedules.compactMap({ $0 }).first?.network else {
      throw arguments.usageError("'default' alone says no network: name it with --model")
    }
    do {
      return try Network(
        model: identity.name, width: identity.width, resolution: identity.resolution,
        batch: identity.batch)
    } catch {
      throw CommandFailure(
        .unreadableInput, "\(error)", hint: "name the network's file with --model")
    }
  }

  /// One session for each schedule, and a second one of the first.
  private static func entrants(
    _ network: Network, _ paths: [String], _ schedules: [Schedule?], _ arguments: Arguments,
    _ machine: BenchMachine, _ console: Console
  ) throws -> [ScheduleRace.Entrant] {
    var pools: [Int: WorkerPool] = [:]
    do {
      let all = zip(paths + [paths[0]], schedules + [schedules[0]]).enumerated()
      return try all.map { index, entrant in
        let (path, schedule) = entrant
        let prepared = try PreparedNetwork(
          network, weights: SeededWeights(), schedule: schedule,
          options: arguments.runtimeOptions())
        if index < paths.count { console.report(prepared.scheduleReport) }
        let workers = prepared.plan.workers
        let pool =
          try pools[workers]
          ?? WorkerPool(
            workers: workers, processors: machine.processors, idleSpinMicroseconds: 100)
        pools[workers] = pool
        return ScheduleRace.Entrant(name: path, session: try prepared.makeSession(sharing: pool))
      }
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
  }
}

extension Schedule {
  /// A schedule file, or the failure that the command ends with.
  static func reading(_ path: String) throws(CommandFailure) -> Schedule {
    do {
      return try Schedule.read(path: path)
    } catch {
      throw CommandFailure(.unreadableInput, error.description)
    }
  }
}
