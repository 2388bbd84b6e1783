import CSystem
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
      no schedule.
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
      SlownessLimit.flag, SharedFlags.format(["md", "json"]), SharedFlags.output,
    ],
    positionals: [
      Positional(
        "SCHEDULE", value: .path, summary: "a schedule file, or 'default'", arity: .many(atLeast: 2)
      )
    ],
    run: run)

  private struct Entrant {
    let name: String
    let session: Session
    var threads: Int { session.plan.workers }
  }

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
    var entrants = try entrants(network, paths, schedules, arguments, machine, console)
    InterruptFlag.install()
    let image = try SeededWeights().checkedInput(shape: network.input)
    let times = race(entrants, image: image, seconds: arguments.seconds("time") ?? 10).times
    entrants.removeLast()
    let passes = Passes.consecutive(samples: times.rounds)
    let floor = times.ratio(
      of: 0, over: entrants.count, confidence: 0.95, passes: passes
    ).flatMap { NoiseFloor($0) }
    // All comparisons with the first are to hold together.
    let confidence = PairedRatio.widened(confidence: 0.95, comparisons: entrants.count - 1)
    let rows = entrants.enumerated().map { index, entrant in
      Row(
        name: entrant.name, threads: entrant.threads,
        milliseconds: MedianInterval(
          runToRunTimes: times.times(of: index, passes: passes).map { $0.map { $0 / 1e6 } }),
        speedup: times.ratio(of: 0, over: index, confidence: confidence, passes: passes),
        samples: times.times(of: index), isReference: index == 0, floor: floor)
    }
    if arguments.string("format") == "json" {
      try output.write(json(rows, network: network, machine: machine).prettyText())
    } else {
      try output.write(table(rows), heading: network.name, footer: floorText(rows[0].floor))
    }
    if InterruptFlag.isRaised { return .interrupted }
    let isSlower = rows.dropFirst().contains { row in
      guard let speed = row.speedup, let limit else { return false }
      return limit.isExceeded(by: 1 / speed.ratio, isShown: row.verdict == Row.slower)
    }
    return isSlower ? .negative : .ok
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
  ) throws -> [Entrant] {
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
        return Entrant(name: path, session: try prepared.makeSession(sharing: pool))
      }
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
  }

  private static func race(
    _ entrants: [Entrant], image: [Float], seconds: Double
  ) -> PairedRace.Outcome {
    image.withUnsafeBytes { bytes in
      func block(_ candidate: Int, _ count: Int) {
        guard let base = bytes.baseAddress else { return }
        for _ in 0..<count { _ = entrants[candidate].session.timedRun(base) }
      }
      for candidate in entrants.indices { block(candidate, 3) }
      let iterations = BlockCalibration(minimumNanoseconds: 4e6) { block(0, $0) }.iterations
      var rules = RaceRules()
      // The whole time is used: intervals as narrow as it allows, and nobody leaves early.
      rules.minimumRounds = 400
      rules.maximumRounds = 400
      rules.grossRatio = .infinity
      rules.maximumNanoseconds = UInt64(seconds * 1e9)
      var race = PairedRace(rules: rules)
      // Each finds the caches as its own last inference left them, not another's.
      race.prepare = { block($0, 1) }
      return race.run(
        costs: entrants.map { CandidateCost(threads: $0.threads, name: $0.name) },
        iterations: iterations, shouldStop: { InterruptFlag.isRaised }, run: block)
    }
  }

  // MARK: - Results

  private struct Row {
    let name: String
    let threads: Int
    /// `nil` where the time did not suffice for a single round.
    let milliseconds: MedianInterval?
    /// The first one's time divided by this one's.
    let speedup: PairedRatio?
    let samples: [Double]
    let isReference: Bool
    /// How the first one differs from itself; `nil` where that took too long.
    let floor: NoiseFloor?

    static let slower = "slower"

    var verdict: String {
      guard !isReference else { return "reference" }
      guard let speedup else { return "not measured" }
      guard speedup.isSufficient, let floor else { return "too few samples" }
      if speedup.isAbove(floor.ratio) { return "faster" }
      return speedup.high < 1 / floor.ratio ? Self.slower : "no difference shown"
    }
  }

  private static func table(_ rows: [Row]) -> Table {
    var table = Table(columns: [
      .init("schedule", minimumWidth: 10), .init("threads", alignment: .right, priority: 1),
      .init("ms", alignment: .right), .init("interval", alignment: .right, priority: 2),
      .init("speed", alignment: .right), .init("interval", alignment: .right, priority: 3),
      .init("verdict"),
    ])
    for row in rows {
      let time = row.milliseconds
      table.append([
        row.name, "\(row.threads)", time.map { Quantity.fixed($0.median, decimals: 3) } ?? "",
        time.map {
          "\(Quantity.fixed($0.low, decimals: 3))–\(Quantity.fixed($0.high, decimals: 3))"
        } ?? "",
        row.speedup.map { Quantity.fixed($0.ratio, decimals: 3) } ?? "",
        row.speedup.map {
          "\(Quantity.fixed($0.low, decimals: 3))–\(Quantity.fixed($0.high, decimals: 3))"
        } ?? "",
        row.verdict,
      ])
    }
    return table
  }

  private static func floorText(_ floor: NoiseFloor?) -> String {
    guard let floor else { return "" }
    return "noise floor \(Quantity.percent(floor.ratio - 1)): the first against itself"
  }

  private static func json(
    _ rows: [Row], network: Network, machine: BenchMachine
  ) -> JSONValue {
    .object([
      "model": .string(network.name), "noise_floor": .optional(rows[0].floor?.ratio),
      "warnings": .array(machine.warnings.map(JSONValue.string)),
      "schedules": .array(
        rows.map { row in
          .object([
            "schedule": .string(row.name), "threads": .integer(row.threads),
            "latency_ms": .object([
              "median": .optional(row.milliseconds?.median),
              "low": .optional(row.milliseconds?.low),
              "high": .optional(row.milliseconds?.high), "samples": .integer(row.samples.count),
            ]),
            "relative_speed": .object([
              "ratio": .optional(row.speedup?.ratio), "low": .optional(row.speedup?.low),
              "high": .optional(row.speedup?.high),
            ]),
            "verdict": .string(row.verdict),
            "samples_ns": .array(row.samples.map(JSONValue.number)),
          ])
        }),
    ])
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
