import DSCommandLine
import DSMeasurement
import DSNetworks
import DSReporting
import DSRuntime

/// One network timed.
struct NetworkRow {
  let network: Network
  let threads: Int
  let isa: String
  let cost: NetworkCost
  let milliseconds: MedianInterval
  /// Nanoseconds an inference, those of a pass together.
  let passes: [[Double]]
  let disturbedBlocks: Int

  /// - Parameter microseconds: of all inferences in their order.
  /// - Returns: `nil` without any.
  init?(_ prepared: PreparedNetwork, microseconds: [Double]) {
    let quiet = QuietTimes(series: microseconds.map { $0 * 1000 })
    passes = quiet.nanoseconds(of: 0)
    guard let interval = MedianInterval(runToRunTimes: passes.map { $0.map { $0 / 1e6 } })
    else { return nil }
    milliseconds = interval
    network = prepared.network
    threads = prepared.plan.workers
    isa = prepared.plan.instructionSet.rawValue
    cost = prepared.network.cost
    disturbedBlocks = quiet.disturbedBlocks[0]
  }

  var title: String { "\(network.name) \(network.width) \(network.resolution)" }

  var gigaflops: Double? {
    milliseconds.isTooWide ? nil : 2 * Double(cost.multiplyAdds) / milliseconds.median / 1e6
  }

  /// Why there is no time; `nil` where there is one.
  var indecision: String? { Indecision(time: milliseconds, unit: "ms")?.description }

  static func table(_ rows: [NetworkRow]) -> Table {
    let hasReasons = rows.contains { $0.indecision != nil }
    var columns: [Table.Column] = [
      .init("network", minimumWidth: 8),
      .init("width", alignment: .right, isDescriptive: true),
      .init("resolution", alignment: .right, isDescriptive: true),
      .init("threads", alignment: .right, priority: 1, isDescriptive: true),
      .init("M multiply-adds", alignment: .right, priority: 4),
      .init("M parameters", alignment: .right, priority: 3), .init("ms", alignment: .right),
      .init("low", alignment: .right, priority: 2), .init("high", alignment: .right, priority: 2),
      .init("images/s", alignment: .right, priority: 5),
      .init("GFLOP/s", alignment: .right, priority: 6),
    ]
    if hasReasons { columns.append(.init("why undecided", priority: 0, minimumWidth: 20)) }
    var table = Table(columns: columns)
    for row in rows {
      let time = row.milliseconds.isTooWide ? nil : row.milliseconds
      var cells: [String] = [
        row.network.name, "\(row.network.width)", "\(row.network.resolution)", "\(row.threads)",
        Quantity.fixed(Double(row.cost.multiplyAdds) / 1e6, decimals: 1),
        Quantity.fixed(Double(row.cost.parameters) / 1e6, decimals: 2),
        time == nil ? "undecided" : CellText.fixed(time?.median, decimals: 3),
        CellText.fixed(time?.low, decimals: 3), CellText.fixed(time?.high, decimals: 3),
        CellText.fixed(time.map { 1000 / $0.median }, decimals: 1),
        CellText.fixed(row.gigaflops, decimals: 1),
      ]
      if hasReasons { cells.append(row.indecision ?? "") }
      table.append(cells)
    }
    return table
  }

  static let fields: [RecordField<NetworkRow>] = [
    identity,
    RecordField.interval("latency_ms") { $0.milliseconds },
    outcome,
    RecordField.samples { $0.passes },
  ].flatMap { $0 }

  private static let identity: [RecordField<NetworkRow>] = [
    RecordField(Column("model", kind: .text, role: .key)) { .text($0.network.name) },
    RecordField(Column("width", kind: .number, role: .key)) { .number($0.network.width) },
    RecordField(Column("resolution", kind: .integer, role: .key)) {
      .integer($0.network.resolution)
    },
    RecordField(Column("batch", kind: .integer, role: .condition)) { .integer($0.network.batch) },
    RecordField(Column("threads", kind: .integer, role: .threads)) { .integer($0.threads) },
    RecordField(Column("isa", kind: .text, role: .condition)) { .text($0.isa) },
    RecordField(Column("multiply_adds", kind: .integer)) { .integer($0.cost.multiplyAdds) },
    RecordField(Column("parameters", kind: .integer)) { .integer($0.cost.parameters) },
  ]

  private static let outcome: [RecordField<NetworkRow>] = [
    RecordField(Column("gflops", kind: .number)) { .optional($0.gigaflops) },
    RecordField(Column("undecided", kind: .text)) { .optional($0.indecision) },
    RecordField(Column("disturbed_blocks", kind: .integer)) { .integer($0.disturbedBlocks) },
  ]
}
