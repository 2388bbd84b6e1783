import DSCommandLine
import DSCommands
import DSCore
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// `dsbench run`: a whole network's latency, where it goes layer by layer, and its throughput.
enum RunCommand {
  static let command = Command(
    "run", summary: "Time a whole network, with a table of its layers",
    details: """
      Runs on seeded random weights and one seeded image. The layers are timed in runs of their own, \
      between those that give the latency. With --streams, several inferences run at once afterwards, each \
      on threads of its own, and images a second are counted. Ctrl-C ends early with what there is.
      """,
    examples: [
      .init("dsbench run --model mobilenet-v1 --threads 1", "One thread, the default kernels"),
      .init("dsbench run -m xception -s xception.schedule.json", "With a tuned schedule"),
      .init("dsbench run -m mobilenet-v2 -t 1 --streams 2", "Images a second of two at a time"),
    ],
    flags: SharedFlags.network + [SharedFlags.schedule] + SharedFlags.machine + [
      Flag(
        "seconds", value: .number(0.05...3600), category: "Measurement",
        summary: "How long to measure", default: .value("3")),
      Flag(
        "streams", value: .integer(1...1 << 12), placeholder: "N", category: "Measurement",
        summary: "Inferences at once, each with its threads", default: .value("1")),
      Flag(
        "no-counters", category: "Measurement",
        summary: "Do not read event counters between inferences, which takes system calls"),
      SharedFlags.format(["md", "json", "csv"]), SharedFlags.output,
    ],
    run: run)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let output = try ReportOutput(arguments, console)
    let network = try arguments.network()
    let schedule = try arguments.schedule()
    let streams = arguments.integer("streams") ?? 1
    let prepared: PreparedNetwork
    do {
      prepared = try PreparedNetwork(
        network, weights: SeededWeights(), schedule: schedule,
        options: arguments.runtimeOptions())
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
    console.report(prepared.scheduleReport)
    let machine = try BenchMachine(
      arguments, workers: prepared.plan.workers * streams, console: console)
    let seconds = arguments.number("seconds") ?? 3
    InterruptFlag.install()
    let timing: NetworkTiming
    var barriers: [Double] = []
    var throughput: Throughput?
    do {
      let image = try SeededWeights().checkedInput(shape: network.input)
      let pool = try WorkerPool(
        workers: prepared.plan.workers, processors: machine.processors)
      barriers.append(pool.barrierNanoseconds())
      timing = NetworkTiming(
        try prepared.makeSession(sharing: pool), image: image,
        seconds: streams > 1 ? seconds / 2 : seconds,
        counters: arguments.flag("no-counters") ? nil : machine.counters,
        probe: ArithmeticProbe(upTo: prepared.plan.instructionSet, pool: pool),
        shouldStop: { InterruptFlag.isRaised })
      barriers.append(pool.barrierNanoseconds())
      if streams > 1 && !InterruptFlag.isRaised {
        throughput = try Throughput(
          prepared, image: image, streams: streams, processors: machine.processors,
          seconds: seconds / 2)
      }
    } catch {
      throw CommandFailure(error)
    }
    let report = RunReport(
      timing, prepared: prepared, machine: machine, schedule: arguments.string("schedule"),
      throughput: throughput, barrierNanoseconds: barriers)
    for doubt in report.doubts { console.warning(doubt.description) }
    switch arguments.string("format") {
    case "json": try output.write(report.json.prettyText())
    case "csv": try output.write(CSVText.text(report.table))
    default: try output.write(report.table, footer: report.summary)
    }
    return InterruptFlag.isRaised ? .interrupted : .ok
  }
}
