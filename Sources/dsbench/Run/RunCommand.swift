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
      on threads of its own, and images a second are counted. Several numbers of threads are measured one after \
      the other, a record each. Ctrl-C ends early with what there is.
      """,
    examples: [
      .init("dsbench run --model mobilenet-v1 --threads 1", "One thread, the default kernels"),
      .init("dsbench run -m xception -s xception.schedule.json", "With a tuned schedule"),
      .init("dsbench run -m mobilenet-v2 -t 1 --streams 2", "Images a second of two at a time"),
      .init(
        "dsbench run -m mobilenet-v2 -t 1,2 -f jsonl", "On one thread and on two, a record a line"),
    ],
    flags: SharedFlags.network + [SharedFlags.schedule, threads, SharedFlags.instructionSet] + [
      Flag(
        "seconds", value: .number(0.05...3600), category: "Measurement",
        summary: "How long to measure", default: .value("3")),
      Flag(
        "streams", value: .integer(1...1 << 12), placeholder: "N", category: "Measurement",
        summary: "Inferences at once, each with its threads", default: .value("1")),
      Flag(
        "no-counters", category: "Measurement",
        summary: "Do not read event counters between inferences, which takes system calls"),
    ] + ReportOutput.flags,
    run: run)

  private static let threads = Flag(
    "threads", short: "t", value: .integers(1...1 << 16), placeholder: "N,…", category: "Machine",
    summary: "Threads that share one inference; several are a record each",
    default: SharedFlags.threads.defaultValue)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let output = try ReportOutput(arguments, console)
    let networks = try prepared(arguments, console)
    let streams = arguments.integer("streams") ?? 1
    let most = networks.map(\.plan.workers).max() ?? 1
    let machine = try BenchMachine(arguments, workers: most * streams, console: console)
    InterruptFlag.install()
    var reports: [RunReport] = []
    for network in networks where reports.isEmpty || !InterruptFlag.isRaised {
      let report: RunReport
      do throws(RuntimeError) {
        report = try measured(network, streams: streams, machine, arguments)
      } catch {
        throw CommandFailure(error)
      }
      for doubt in report.doubts { console.warning(doubt.description) }
      reports.append(report)
    }
    try output.write(RunReport.report(reports, context: machine.context))
    return InterruptFlag.isRaised ? .interrupted : .ok
  }

  /// The network for each number of threads.
  private static func prepared(
    _ arguments: Arguments, _ console: Console
  ) throws -> [PreparedNetwork] {
    let network = try arguments.network()
    let schedule = try arguments.schedule()
    let isa = arguments.string("isa").flatMap(InstructionSet.init)
    let counts = arguments.integers("threads").map { $0.map(Optional.some) } ?? [nil]
    do {
      return try counts.map { threads in
        let prepared = try PreparedNetwork(
          network, weights: SeededWeights(), schedule: schedule,
          options: RuntimeOptions(threads: threads, instructionSet: isa))
        console.report(prepared.scheduleReport)
        return prepared
      }
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
  }

  private static func measured(
    _ prepared: PreparedNetwork, streams: Int, _ machine: BenchMachine, _ arguments: Arguments
  ) throws(RuntimeError) -> RunReport {
    let image = try SeededWeights().checkedInput(shape: prepared.network.input)
    let seconds = arguments.number("seconds") ?? 3
    let workers = prepared.plan.workers
    let processors = Array(machine.processors.prefix(workers * streams))
    let pool = try WorkerPool(workers: workers, processors: Array(processors.prefix(workers)))
    var barriers = [pool.barrierNanoseconds()]
    let timing = NetworkTiming(
      try prepared.makeSession(sharing: pool), image: image,
      seconds: streams > 1 ? seconds / 2 : seconds,
      counters: arguments.flag("no-counters") ? nil : machine.counters,
      probe: ArithmeticProbe(upTo: prepared.plan.instructionSet, pool: pool),
      shouldStop: { InterruptFlag.isRaised })
    barriers.append(pool.barrierNanoseconds())
    var throughput: Throughput?
    if streams > 1 && !InterruptFlag.isRaised {
      throughput = try Throughput(
        prepared, image: image, streams: streams, processors: processors, seconds: seconds / 2,
        shouldStop: { InterruptFlag.isRaised })
    }
    return RunReport(
      timing, prepared: prepared, machine: machine, schedule: arguments.string("schedule"),
      throughput: throughput, barrierNanoseconds: barriers)
  }
}
