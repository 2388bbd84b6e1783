import DSCommandLine
import DSCommands
import DSMeasurement
import DSNetworks
import DSReporting
import DSRuntime
import DSSchedule
import DSTuning

/// `dsbench compare networks`: latency against cost, over models and their multipliers.
enum CompareNetworksCommand {
  static let command = Command(
    "networks", summary: "Time networks over models, widths and resolutions",
    details: """
      Without --widths and --resolutions: the two tables of the MobileNets paper (arXiv:1704.04861, \
      tables 6 and 7) for mobilenet-v1, other models as published. With either, every combination that \
      there is: what a model cannot be is left out with a note. A time that is known no better than to a factor \
      of two is 'undecided' and has no number; such a network is timed once more. The exit code is 1 where no \
      time is known.
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
        summary: "How long to measure", default: .described("2s a network"))
    ] + ReportOutput.flags,
    run: run)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let output = try ReportOutput(arguments, console)
    let networks = try networks(arguments, console)
    let machine = try BenchMachine(
      arguments, workers: arguments.integer("threads"), console: console)
    let seconds = (arguments.seconds("time") ?? 2 * Double(networks.count)) / Double(networks.count)
    InterruptFlag.install()
    var progress = ProgressLine(on: console)
    var rows: [NetworkRow] = []
    for (index, network) in networks.enumerated() where !InterruptFlag.isRaised {
      progress.update(
        completed: Double(index), of: Double(networks.count), label: network.name)
      do {
        let prepared = try PreparedNetwork(
          network, weights: SeededWeights(), options: arguments.runtimeOptions())
        if let row = try timed(prepared, seconds: seconds) { rows.append(row) }
      } catch let error as RuntimeError {
        progress.finish()
        throw CommandFailure(error)
      }
    }
    progress.finish()
    try output.write(report(rows, machine))
    let undecided = Indecisions(
      rows: rows.compactMap { row in row.indecision.map { (row.title, $0) } }, count: rows.count)
    undecided.report(console)
    return InterruptFlag.isRaised ? .interrupted : undecided.exitCode()
  }

  /// Timed a second time where the first says nothing.
  private static func timed(
    _ prepared: PreparedNetwork, seconds: Double
  ) throws(RuntimeError) -> NetworkRow? {
    let session = try prepared.makeSession()
    let image = try SeededWeights().checkedInput(shape: prepared.network.input)
    func series() -> [Double] {
      NetworkTiming(
        session, image: image, seconds: seconds / 1.15,
        shouldStop: { InterruptFlag.isRaised }
      ).runMicroseconds
    }
    let first = series()
    let row = NetworkRow(prepared, microseconds: first)
    if row?.milliseconds.isTooWide != true || InterruptFlag.isRaised { return row }
    return NetworkRow(prepared, microseconds: first + series())
  }

  private static func networks(_ arguments: Arguments, _ console: Console) throws -> [Network] {
    let widths = try arguments.strings("widths").map { words in
      try words.map { word in
        guard let width = Double(word) else {
          throw arguments.usageError("--widths takes numbers, not '\(word)'")
        }
        return width
      }
    }
    let resolutions = arguments.integers("resolutions")
    var networks: [Network] = []
    var impossible: [(name: String, error: NetworkError)] = []
    for model in arguments.strings("models") ?? [] {
      for (width, resolution) in combinations(model, widths, resolutions) {
        do throws(NetworkError) {
          networks.append(try Network(model: model, width: width, resolution: resolution))
        } catch {
          guard error.isOfACombination else { throw arguments.failure(error) }
          let size = resolution.map { ", resolution \($0)" } ?? ""
          impossible.append(("\(model), width \(width)\(size)", error))
        }
      }
    }
    guard !networks.isEmpty else {
      throw impossible.first.map { arguments.failure($0.error) }
        ?? arguments.usageError("--models names no network")
    }
    for (name, error) in impossible { console.note("left out: \(name): \(error.description)") }
    return networks
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

  private static func report(_ rows: [NetworkRow], _ machine: BenchMachine) -> CommandReport {
    let networks = ResultTable(
      name: "dsbench_networks", records: rows, fields: NetworkRow.fields, context: nil)
    var records = networks
    records.context = machine.context
    return CommandReport(
      sections: [.init(table: NetworkRow.table(rows))], context: machine.context,
      records: records,
      json: .object([
        "networks": .array(networks.objects),
        "warnings": .array(machine.warnings.map(JSONValue.string)),
        "context": machine.context.json,
      ]))
  }
}

extension NetworkError {
  /// Whether a model cannot be of this width or resolution, but may be of another.
  fileprivate var isOfACombination: Bool {
    switch self {
    case .widthOutOfRange, .resolutionOutOfRange, .impossibleLayer: true
    default: false
    }
  }
}
