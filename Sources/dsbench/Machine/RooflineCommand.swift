import DSCommandLine
import DSCommands
import DSCore
import DSMachine
import DSReporting
import DSSchedule

/// `dsbench roofline`: what this machine's cores and caches can do at best.
enum RooflineCommand {
  static let command = Command(
    "roofline", summary: "Measure the ceilings: multiply-add rate, caches and memory",
    details: """
      One core alone, and all cores together. The results are kept until the next start of the system and \
      are what the other commands mean by roof.
      """,
    examples: [
      .init("dsbench roofline", "Print the roofs, measured once after each start of the system"),
      .init("dsbench roofline --fresh -f json", "Measure again, as JSON"),
    ],
    flags: SharedFlags.machine + [
      Flag("fresh", category: "Measurement", summary: "Measure again, whatever is kept")
    ] + ReportOutput.flagsWithoutSamples
  ) { arguments, console in
    let output = try ReportOutput(arguments, console)
    let machine = try BenchMachine(
      arguments, workers: arguments.integer("threads"), isFresh: arguments.flag("fresh"),
      console: console)
    try output.write(report(machine))
    return .ok
  }

  private static func report(_ machine: BenchMachine) -> CommandReport {
    let object = json(machine)
    return CommandReport(
      sections: [.init(heading: heading(machine), table: table(machine))],
      context: machine.context,
      records: ResultTable(
        name: "dsbench_roofline", records: RoofRow.rows(machine), fields: RoofRow.fields,
        context: machine.context),
      json: object, lines: [object])
  }

  private static func heading(_ machine: BenchMachine) -> String {
    let name = machine.topology.description.modelName
    return "\(name.isEmpty ? machine.description.cpu : name), \(machine.instructionSet.rawValue)"
  }

  private static func table(_ machine: BenchMachine) -> Table {
    let core = machine.roofs.core
    let crew = machine.roofs.crew
    var table = Table(columns: [
      .init("roof"), .init("one core", alignment: .right),
      .init(crew.workers == 1 ? "1 thread" : "\(crew.workers) threads", alignment: .right),
      .init("latency", alignment: .right, priority: 2),
      .init("declared", alignment: .right, priority: 3),
      .init("measured", alignment: .right, priority: 1),
    ])
    func rate(_ value: Double?, _ unit: String) -> String {
      value.map { "\(Quantity.significant($0)) \(unit)" } ?? ""
    }
    func latency(_ value: Double?) -> String {
      value.map { "\(Quantity.significant($0)) ns" } ?? ""
    }
    table.append([
      "multiply-add", rate(core.fmaGigaflopsPerCore, "GFLOP/s"),
      rate(crew.fmaGigaflops, "GFLOP/s"), "", "", "",
    ])
    for level in core.levels {
      let shared = crew.levels.first { $0.level == level.level }
      table.append([
        "L\(level.level) read", rate(level.gigabytesPerSecond, "GB/s"),
        rate(shared?.gigabytesPerSecond, "GB/s"), latency(level.latencyNanoseconds),
        level.declaredBytes.map(Quantity.bytes) ?? "",
        level.measuredBytes.map(Quantity.bytes) ?? "",
      ])
    }
    table.append([
      "memory read", rate(core.memoryGigabytesPerSecond, "GB/s"),
      rate(crew.memoryGigabytesPerSecond, "GB/s"), latency(core.memoryLatencyNanoseconds), "", "",
    ])
    if let barrier = crew.barrierNanoseconds {
      table.append(["barrier", "", "\(Quantity.significant(barrier)) ns", "", "", ""])
    }
    return table
  }

  private static func json(_ machine: BenchMachine) -> JSONValue {
    let core = machine.roofs.core
    let crew = machine.roofs.crew
    return .object([
      "cpu": .string(machine.description.cpu),
      "model": .string(machine.topology.description.modelName),
      "isa": .string(machine.instructionSet.rawValue), "threads": .integer(crew.workers),
      "fma_gflops_per_core": .optional(core.fmaGigaflopsPerCore),
      "fma_gflops": .optional(crew.fmaGigaflops),
      "dram_gbps_per_core": .optional(core.memoryGigabytesPerSecond),
      "dram_gbps": .optional(crew.memoryGigabytesPerSecond),
      "dram_latency_ns": .optional(core.memoryLatencyNanoseconds),
      "levels": .array(
        core.levels.map { level in
          .object([
            "level": .integer(level.level),
            "declared_bytes": level.declaredBytes.map(JSONValue.integer) ?? .null,
            "measured_bytes": level.measuredBytes.map(JSONValue.integer) ?? .null,
            "latency_ns": .optional(level.latencyNanoseconds),
            "gbps_per_core": .optional(level.gigabytesPerSecond),
            "gbps": .optional(crew.levels.first { $0.level == level.level }?.gigabytesPerSecond),
          ])
        }),
      "barrier_ns": .optional(crew.barrierNanoseconds),
      "warnings": .array(machine.warnings.map(JSONValue.string)),
      "context": machine.context.json,
    ])
  }
}

extension JSONValue {
  /// A number, or null for one that nobody knows.
  static func optional(_ value: Double?) -> JSONValue {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }
}
