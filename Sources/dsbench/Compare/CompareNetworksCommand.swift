import DSCommandLine
import DSCommands
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// `dsbench compare networks`: latency against cost, over models and their multipliers.
enum CompareNetworksCommand {
  static let command = Command(
    "networks", summary: "Time networks over models, widths and resolutions",
    details: """
      Without --widths and --resolutions: the two tables of the MobileNets paper (arXiv:1704.04861, \
      tables 6 and 7) for mobilenet-v1, other models as published. With either, every combination.
      """,
    examples: [
      .init("dsbench compare networks", "The MobileNets paper's tables, recomputed and timed"),
      .init(
        "dsbench compare networks --models mobilenet-v1,mobilenet-v2 --widths 1,0.5 -f csv",
        "Two models, two widths each"),
    ],
    flags: [
      Flag(
        "models", short: "m", value: .strings, category: "Network",
        summary: "Models or network files", default: .value("mobilenet-v1")),
      Flag(
        "widths", short: "w", value: .strings, category: "Network", summary: "Width multipliers"),
      Flag(
        "resolutions", short: "r", value: .integers(1...1 << 20), category: "Network",
        summary: "Rows and columns of the input image"),
    ] + SharedFlags.machine + [
      Flag(
        "time", value: .duration(0.05...1e6), category: "Measurement",
        summary: "How long to measure", default: .described("2s a network")),
      SharedFlags.format(["md", "csv", "json"]), SharedFlags.output,
    ],
    run: run)

  private struct Row {
    let network: Network
    let threads: Int
    let timing: NetworkTiming
    let cost: NetworkCost
    let milliseconds: MedianInterval

    init?(_ prepared: PreparedNetwork, _ timing: NetworkTiming) {
      guard let interval = MedianInterval(runToRunTimes: timing.runMicroseconds.map { $0 / 1000 })
      else { return nil }
      network = prepared.network
      threads = prepared.plan.workers
      self.timing = timing
      cost = prepared.network.cost
      milliseconds = interval
    }

    var gigaflops: Double { 2 * Double(cost.multiplyAdds) / milliseconds.median / 1e6 }
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    _ = try ReportOutput(arguments, console)
    let networks = try networks(arguments)
    let machine = try BenchMachine(
      arguments, workers: arguments.integer("threads"), console: console)
    let seconds = (arguments.seconds("time") ?? 2 * Double(networks.count)) / Double(networks.count)
    InterruptFlag.install()
    var progress = ProgressLine(on: console)
    var rows: [Row] = []
    for (index, network) in networks.enumerated() where !InterruptFlag.isRaised {
      progress.update(
        completed: Double(index), of: Double(networks.count), label: network.name)
      do {
        let prepared = try PreparedNetwork(
          network, weights: SeededWeights(), options: arguments.runtimeOptions())
        let timing = NetworkTiming(
          try prepared.makeSession(),
          image: try SeededWeights().checkedInput(shape: network.input),
          seconds: seconds / 1.15)
        if let row = Row(prepared, timing) { rows.append(row) }
      } catch let error as RuntimeError {
        progress.finish()
        throw CommandFailure(error)
      }
    }
    progress.finish()
    try write(rows, arguments, machine, console)
    return InterruptFlag.isRaised ? .interrupted : .ok
  }

  private static func networks(_ arguments: Arguments) throws -> [Network] {
    let widths = try arguments.strings("widths").map { words in
      try words.map { word in
        guard let width = Double(word) else {
          throw arguments.usageError("--widths takes numbers, not '\(word)'")
        }
        return width
      }
    }
    let resolutions = arguments.integers("resolutions")
    return try (arguments.strings("models") ?? []).flatMap { model in
      try combinations(model, widths, resolutions).map { width, resolution in
        do throws(NetworkError) {
          return try Network(model: model, width: width, resolution: resolution)
        } catch {
          throw arguments.failure(error)
        }
      }
    }
  }

  private static func combinations(
    _ model: String, _ widths: [Double]?, _ resolutions: [Int]?
  ) -> [(width: Double, resolution: Int?)] {
    if widths == nil, resolutions == nil {
      guard model == Model.mobileNetV1.rawValue else { return [(1, nil)] }
      return [(1, 224), (0.75, 224), (0.5, 224), (0.25, 224), (1, 192), (1, 160), (1, 128)]
    }
    return (widths ?? [1]).flatMap { width in
      (resolutions.map { $0.map(Optional.some) } ?? [nil]).map { (width, $0) }
    }
  }

  // MARK: - Results

  private static func write(
    _ rows: [Row], _ arguments: Arguments, _ machine: BenchMachine, _ console: Console
  ) throws {
    let output = try ReportOutput(arguments, console)
    switch arguments.string("format") {
    case "json":
      try output.write(
        JSONValue.object([
          "networks": .array(rows.map(json)),
          "warnings": .array(machine.warnings.map(JSONValue.string)),
        ]).prettyText())
    case "csv": try output.write(CSVText.text(table(rows)))
    default: try output.write(table(rows))
    }
  }

  private static func table(_ rows: [Row]) -> Table {
    var table = Table(columns: [
      .init("network", minimumWidth: 8), .init("width", alignment: .right),
      .init("resolution", alignment: .right), .init("threads", alignment: .right, priority: 1),
      .init("M multiply-adds", alignment: .right, priority: 4),
      .init("M parameters", alignment: .right, priority: 3), .init("ms", alignment: .right),
      .init("low", alignment: .right, priority: 2), .init("high", alignment: .right, priority: 2),
      .init("images/s", alignment: .right, priority: 5),
      .init("GFLOP/s", alignment: .right, priority: 6),
    ])
    for row in rows {
      table.append([
        row.network.name, "\(row.network.width)", "\(row.network.resolution)", "\(row.threads)",
        Quantity.fixed(Double(row.cost.multiplyAdds) / 1e6, decimals: 1),
        Quantity.fixed(Double(row.cost.parameters) / 1e6, decimals: 2),
        Quantity.fixed(row.milliseconds.median, decimals: 3),
        Quantity.fixed(row.milliseconds.low, decimals: 3),
        Quantity.fixed(row.milliseconds.high, decimals: 3),
        Quantity.fixed(1000 / row.milliseconds.median, decimals: 1),
        Quantity.fixed(row.gigaflops, decimals: 1),
      ])
    }
    return table
  }

  private static func json(_ row: Row) -> JSONValue {
    .object([
      "model": .string(row.network.name), "width": .number(row.network.width),
      "resolution": .integer(row.network.resolution), "threads": .integer(row.threads),
      "multiply_adds": .integer(row.cost.multiplyAdds),
      "parameters": .integer(row.cost.parameters),
      "latency_ms": .object([
        "median": .number(row.milliseconds.median), "low": .number(row.milliseconds.low),
        "high": .number(row.milliseconds.high), "samples": .integer(row.milliseconds.count),
      ]),
      "gflops": .number(row.gigaflops),
      "samples_ns": .array(row.timing.runMicroseconds.map { .number($0 * 1000) }),
    ])
  }
}
