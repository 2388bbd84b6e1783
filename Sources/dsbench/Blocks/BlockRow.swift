import DSCommandLine
import DSMeasurement
import DSReporting

/// One block measured, beside the standard convolution.
struct BlockRow {
  let variant: BlockVariant
  let kernels: [String]
  let microseconds: MedianInterval
  /// Nanoseconds a run, those of a pass together.
  let passes: [[Double]]
  /// The standard convolution's multiply-adds divided by this block's: the saving on paper.
  let theoreticalSaving: Double
  /// The standard convolution's time divided by this block's.
  let measuredSaving: PairedRatio
  let disturbedBlocks: Int

  /// How much of the saving on paper the machine gives; `nil` where nobody knows.
  var givenBack: Double? {
    measuredSaving.isTooWide ? nil : measuredSaving.ratio / theoreticalSaving
  }
  var gigaflops: Double? {
    microseconds.isTooWide
      ? nil : 2 * Double(variant.multiplyAdds) / microseconds.median / 1000
  }

  /// Why a number is missing; `nil` where none is.
  var indecision: String? {
    let reasons = [
      Indecision(time: microseconds, unit: "µs"), Indecision(width: measuredSaving),
    ].compactMap { $0?.description }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// - Parameter outcome: of the runs in their order, the standard convolution first.
  static func rows(_ runs: [BlockRun], _ outcome: LadderRace.Outcome) -> [BlockRow] {
    let quiet = outcome.quiet
    return runs.enumerated().compactMap { index, run in
      let passes = quiet.nanoseconds(of: index)
      guard let time = MedianInterval(runToRunTimes: passes.map { $0.map { $0 / 1000 } }),
        let saving = quiet.runToRunRatio(of: 0, over: index)
      else { return nil }
      return BlockRow(
        variant: run.variant, kernels: run.candidates.map(\.label),
        microseconds: time, passes: passes,
        theoreticalSaving: Double(runs[0].variant.multiplyAdds) / Double(run.variant.multiplyAdds),
        measuredSaving: saving, disturbedBlocks: quiet.disturbedBlocks[index])
    }
  }

  static func table(_ rows: [BlockRow]) -> Table {
    let hasReasons = rows.contains { $0.indecision != nil }
    var columns: [Table.Column] = [
      .init("block", minimumWidth: 12), .init("M multiply-adds", alignment: .right, priority: 4),
      .init("parameters", alignment: .right, priority: 3), .init("µs", alignment: .right),
      .init("interval", alignment: .right, priority: 1),
      .init("GFLOP/s", alignment: .right, priority: 2),
      .init("saving on paper", alignment: .right, priority: 6),
      .init("measured", alignment: .right), .init("given back", alignment: .right, priority: 5),
    ]
    if hasReasons { columns.append(.init("why undecided", priority: 0, minimumWidth: 20)) }
    var table = Table(columns: columns)
    for row in rows {
      let time = row.microseconds.isTooWide ? nil : row.microseconds
      let saving = row.measuredSaving.isTooWide ? nil : row.measuredSaving.ratio
      var cells: [String] = [
        row.variant.name, Quantity.fixed(Double(row.variant.multiplyAdds) / 1e6, decimals: 1),
        "\(row.variant.parameters)",
        time == nil ? "undecided" : CellText.significant(time?.median, digits: 4),
        CellText.range(
          CellText.significant(time?.low, digits: 4), CellText.significant(time?.high, digits: 4)),
        CellText.significant(row.gigaflops),
        CellText.fixed(row.theoreticalSaving, decimals: 2, unit: "×"),
        saving == nil ? "undecided" : CellText.fixed(saving, decimals: 2, unit: "×"),
        CellText.percent(row.givenBack),
      ]
      if hasReasons { cells.append(row.indecision ?? "") }
      table.append(cells)
    }
    return table
  }

  static let fields: [RecordField<BlockRow>] = [
    identity,
    RecordField.interval("microseconds") { $0.microseconds },
    work,
    RecordField.ratio("measured_saving") { $0.measuredSaving },
    outcome,
    RecordField.samples { $0.passes },
  ].flatMap { $0 }

  private static let identity: [RecordField<BlockRow>] = [
    RecordField(Column("block", kind: .text, role: .key)) { .text($0.variant.name) },
    RecordField(Column("problems", kind: .nested)) { .texts($0.variant.problems.map(\.key)) },
    RecordField(Column("kernels", kind: .nested)) { .texts($0.kernels) },
    RecordField(Column("multiply_adds", kind: .integer)) { .integer($0.variant.multiplyAdds) },
    RecordField(Column("parameters", kind: .integer)) { .integer($0.variant.parameters) },
  ]

  private static let work: [RecordField<BlockRow>] = [
    RecordField(Column("gflops", kind: .number)) { .optional($0.gigaflops) },
    RecordField(Column("theoretical_saving", kind: .number)) { .number($0.theoreticalSaving) },
  ]

  private static let outcome: [RecordField<BlockRow>] = [
    RecordField(Column("given_back", kind: .number)) { .optional($0.givenBack) },
    RecordField(Column("undecided", kind: .text)) { .optional($0.indecision) },
    RecordField(Column("disturbed_blocks", kind: .integer)) { .integer($0.disturbedBlocks) },
  ]
}
