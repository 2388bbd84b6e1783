import CSystem
import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMeasurement
import DSReporting
import DSRuntime
import DSSchedule

/// `dsbench compare blocks`: what separating a convolution saves on paper, and on this machine.
enum CompareBlocksCommand {
  static let command = Command(
    "blocks", summary: "Compare a standard convolution with separable ones",
    details: """
      The same feature map through a standard k×k convolution, a separable one (depthwise, then pointwise; \
      as two layers and fused) and the reverse order (pointwise, then depthwise), with and without an \
      activation between. On paper the separable one needs 1/N + 1/k² of the multiply-adds, for N output \
      channels; the last columns say how much of that saving the machine gives back. The kernels are \
      chosen by timing each layer's candidates first. What is known no better than to a factor of two is \
      'undecided' and has no number; more time is spent on it, as much again at most. The exit code is 1 where no \
      row is known.
      """,
    examples: [
      .init("dsbench compare blocks", "56x56x128 to 128 channels through 3x3"),
      .init(
        "dsbench compare blocks --input 14x14x512 --output-channels 512 --size 5", "Another one"),
    ],
    flags: [
      Flag(
        "input", value: .string, placeholder: "HxWxC", category: "Block",
        summary: "Feature map that goes in", default: .value("56x56x128")),
      Flag(
        "output-channels", short: "n", value: .integer(1...1 << 16), placeholder: "N",
        category: "Block", summary: "Channels that come out", default: .described("as many")),
      Flag(
        "size", value: .integer(1...31), placeholder: "K", category: "Block",
        summary: "Rows and columns of the window", default: .value("3")),
    ] + SharedFlags.machine + [
      Flag(
        "time", value: .duration(0.05...1e6), category: "Measurement",
        summary: "How long to measure", default: .value("5s"))
    ] + ReportOutput.flags,
    run: run)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let output = try ReportOutput(arguments, console)
    let variants = try variants(arguments)
    let machine = try BenchMachine(
      arguments, workers: arguments.integer("threads"), console: console)
    let runs = try runs(variants, machine)
    InterruptFlag.install()
    let outcome = race(runs, machine.counters, seconds: arguments.seconds("time") ?? 5)
    let rows = BlockRow.rows(runs, outcome)
    try output.write(report(rows, standard: variants[0].problems[0], machine))
    let undecided = Indecisions(
      rows: rows.compactMap { row in row.indecision.map { (row.variant.name, $0) } },
      count: rows.count)
    undecided.report(console)
    return InterruptFlag.isRaised ? .interrupted : undecided.exitCode()
  }

  private static func report(
    _ rows: [BlockRow], standard: Problem, _ machine: BenchMachine
  ) -> CommandReport {
    let (input, channels, size) = (
      standard.input, standard.output.channels, standard.stages[0].window.height
    )
    let threads = machine.processors.count
    let saving = 1 / Double(channels) + 1 / Double(size * size)
    let shared: [(column: Column, value: ReportValue)] = [
      (Column("input", kind: .text, role: .condition), .text(input.description)),
      (Column("output_channels", kind: .integer, role: .condition), .integer(channels)),
      (Column("size", kind: .integer, role: .condition), .integer(size)),
      (Column("threads", kind: .integer, role: .threads), .integer(threads)),
    ]
    let blocks = ResultTable(
      name: "dsbench_blocks", records: rows, fields: BlockRow.fields, context: nil)
    var records = blocks
    records.prepend(shared)
    records.context = machine.context
    return CommandReport(
      sections: [
        .init(
          heading: "\(input) → \(channels) channels, \(size)x\(size), \(threads) threads",
          table: BlockRow.table(rows),
          footer: "1/N + 1/k² = \(Quantity.significant(saving)): on paper "
            + "\(Quantity.significant(1 / saving)) times fewer multiply-adds")
      ], context: machine.context, records: records,
      json: .object(
        [
          "input": .string(input.description), "output_channels": .integer(channels),
          "size": .integer(size), "threads": .integer(threads),
          "blocks": .array(blocks.objects),
          "warnings": .array(machine.warnings.map(JSONValue.string)),
          "context": machine.context.json,
        ]))
  }

  private static func variants(_ arguments: Arguments) throws -> [BlockVariant] {
    let input = try shape(arguments)
    let variants: [BlockVariant]
    do {
      variants = try BlockVariant.all(
        input: input, outputChannels: arguments.integer("output-channels") ?? input.channels,
        size: arguments.integer("size") ?? 3)
    } catch {
      throw arguments.usageError("\(error)")
    }
    do throws(RuntimeError) {
      for problem in variants.flatMap(\.problems) { try MemoryNeed(problem).check() }
    } catch {
      throw CommandFailure(error)
    }
    return variants
  }

  /// The variants with the kernels that are fastest for their layers.
  private static func runs(_ variants: [BlockVariant], _ machine: BenchMachine) throws -> [BlockRun]
  {
    let pool: WorkerPool
    do {
      pool = try WorkerPool(
        workers: machine.processors.count, processors: machine.processors,
        idleSpinMicroseconds: 2000)
    } catch {
      throw CommandFailure(error)
    }
    let choice = TimedChoice(
      model: CostModel(machine: machine.description), instructionSet: machine.instructionSet,
      pool: pool)
    var chosen: [Problem: Candidate] = [:]
    for problem in Set(variants.flatMap(\.problems)) {
      guard let candidate = try choice.candidate(for: problem) else {
        throw CommandFailure(.machineCannot, "no kernel runs '\(problem.key)' on this machine")
      }
      chosen[problem] = candidate
    }
    return try variants.map { variant in
      try BlockRun(
        variant, candidates: variant.problems.compactMap { chosen[$0] },
        instructionSet: machine.instructionSet, pool: pool)
    }
  }

  private static func shape(_ arguments: Arguments) throws -> FeatureShape {
    let text = arguments.string("input") ?? ""
    let words: [Substring] = text.split(separator: "x")
    let extents = words.compactMap { Int($0) }
    guard extents.count == 3, words.count == 3, extents.allSatisfy({ (1...1 << 16).contains($0) })
    else { throw arguments.usageError("--input takes HxWxC such as 56x56x128, not '\(text)'") }
    return FeatureShape(height: extents[0], width: extents[1], channels: extents[2])
  }

  private static func race(
    _ runs: [BlockRun], _ counters: PerformanceCounters, seconds: Double
  ) -> LadderRace.Outcome {
    var timer = BlockTimer()
    timer.counters = { counters.read() }
    let rungs = runs.map { run in
      run.run(iterations: 1)
      let calibration = BlockCalibration { run.run(iterations: $0) }
      return LadderRace.Rung(
        run: { run.run(iterations: $0) },
        expectedNanoseconds: max(1, calibration.blockNanoseconds / Double(calibration.iterations)))
    }
    var passes = LadderPasses(weights: [1])
    let nanoseconds = seconds * 1e9
    let deadline = ClockTime.deadline(nanoseconds, after: cs_monotonic_ns())
    passes.run(
      until: deadline, shouldStop: { InterruptFlag.isRaised },
      prepare: { _, _ in LadderRace(rungs, timer: timer) })
    passes.extend(
      until: ClockTime.deadline(nanoseconds, after: deadline),
      shouldStop: { InterruptFlag.isRaised },
      isUndecided: { _, race in
        let quiet = race.outcome.quiet
        return rungs.indices.contains { index in
          MedianInterval(runToRunTimes: quiet.nanoseconds(of: index))?.isTooWide == true
            || quiet.runToRunRatio(of: 0, over: index)?.isTooWide == true
        }
      })
    return passes.races.first?.outcome ?? LadderRace(rungs).outcome
  }
}
