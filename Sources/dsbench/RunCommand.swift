import CSystem
import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// `dsbench run`: a whole network's latency, and where it goes layer by layer.
enum RunCommand {
  static let command = Command(
    "run", summary: "Time a whole network, with a table of its layers",
    details: """
      Runs on seeded random weights and one seeded image. The layers are timed in runs of their own, \
      between those that give the latency.
      """,
    examples: [
      .init("dsbench run --model mobilenet-v1 --threads 1", "One thread, the default kernels"),
      .init("dsbench run -m xception -s xception.schedule.json", "With a tuned schedule"),
    ],
    flags: SharedFlags.network + [SharedFlags.schedule] + SharedFlags.machine + [
      Flag(
        "seconds", value: .number(0.05...3600), category: "Measurement",
        summary: "How long to measure", default: .value("3")),
      SharedFlags.format(["md", "json"]),
    ]
  ) { arguments, console in
    let network = try arguments.network()
    let schedule = try arguments.schedule()
    let options = arguments.runtimeOptions()
    let prepared: PreparedNetwork
    let session: Session
    do {
      prepared = try PreparedNetwork(
        network, weights: SeededWeights(), schedule: schedule, options: options)
      session = try prepared.makeSession()
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
    console.report(prepared.scheduleReport)
    let machine = MeasuredMachine(
      topology: try Topology(), instructionSet: prepared.plan.instructionSet, budgetSeconds: 0.5)
    let result = NetworkTiming(
      session, image: SeededWeights().input(shape: network.input),
      seconds: arguments.number("seconds") ?? 3)
    let report = RunReport(
      result, prepared: prepared, machine: machine, schedule: arguments.string("schedule"))
    if arguments.string("format") == "json" {
      try console.write(report.json.prettyText())
    } else {
      try console.write(report.table.text(for: console.terminal))
      try console.print(report.summary)
    }
    return .ok
  }
}
