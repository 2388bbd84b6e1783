import CSystem
import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMeasurement
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
      chosen by timing each layer's candidates first.
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
        summary: "How long to measure", default: .value("5s")),
      SharedFlags.format(["md", "csv", "json"]), SharedFlags.output,
    ],
    run: run)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let output = try ReportOutput(arguments, console)
    let variants = try variants(arguments)
    let machine = try BenchMachine(
      arguments, workers: arguments.integer("threads"), console: console)
    let runs = try runs(variants, machine)
    InterruptFlag.install()
    let rows = BlockRow.rows(runs, race(runs, seconds: arguments.seconds("time") ?? 5))
    let standard = variants[0].problems[0]
    let (input, channels, size) = (
      standard.input, standard.output.channels, standard.stages[0].window.height
    )
    let threads = machine.processors.count
    switch arguments.string("format") {
    case "json":
      try output.write(
        JSONValue.object([
          "input": .string(input.description), "output_channels": .integer(channels),
          "size": .integer(size), "threads": .integer(threads),
          "blocks": .array(rows.map(\.json)),
          "warnings": .array(machine.warnings.map(JSONValue.string)),
        ]).prettyText())
    case "csv": try output.write(CSVText.text(BlockRow.table(rows)))
    default:
      let saving = 1 / Double(channels) + 1 / Double(size * size)
      try output.write(
        BlockRow.table(rows),
        heading: "\(input) → \(channels) channels, \(size)x\(size), \(threads) threads",
        footer: "1/N + 1/k² = \(Quantity.significant(saving)): on paper "
          + "\(Quantity.significant(1 / saving)) times fewer multiply-adds")
    }
    return InterruptFlag.isRaised ? .interrupted : .ok
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

  private static func race(_ runs: [BlockRun], seconds: Double) -> LadderRace.Outcome {
    let rungs = runs.map { run in
      run.run(iterations: 1)
      let calibration = BlockCalibration { run.run(iterations: $0) }
      return LadderRace.Rung(
        run: { run.run(iterations: $0) },
        expectedNanoseconds: calibration.blockNanoseconds / Double(calibration.iterations))
    }
    var passes = LadderPasses(weights: [1])
    passes.run(
      until: cs_monotonic_ns() + UInt64(seconds * 1e9), shouldStop: { InterruptFlag.isRaised },
      prepare: { _, _ in LadderRace(rungs) })
    return passes.races.first?.outcome ?? LadderRace(rungs).outcome
  }
}
