import DSCommandLine
import DSMeasurement
import DSReporting

/// A schedule in the race, beside the first one.
struct ScheduleRow {
  let name: String
  let threads: Int
  /// `nil` where the time did not suffice for a single round.
  let milliseconds: MedianInterval?
  /// The first one's time divided by this one's.
  let speedup: PairedRatio?
  /// Nanoseconds a run, those of a pass together.
  let passes: [[Double]]
  let disturbedBlocks: Int
  let isReference: Bool
  /// How the first one differs from itself; `nil` where that took too long.
  let floor: NoiseFloor?

  /// - Parameters:
  ///   - entrants: in the order of `times`, which have the first once more behind them.
  static func rows(_ entrants: some Collection<ScheduleRace.Entrant>, _ times: QuietTimes) -> [Self]
  {
    let floor = times.ratio(of: 0, over: entrants.count, confidence: 0.95)
      .flatMap { NoiseFloor($0) }
    // All comparisons with the first are to hold together.
    let confidence = PairedRatio.widened(confidence: 0.95, comparisons: entrants.count - 1)
    return entrants.enumerated().map { index, entrant in
      let passes = times.nanoseconds(of: index)
      return ScheduleRow(
        name: entrant.name, threads: entrant.threads,
        milliseconds: MedianInterval(runToRunTimes: passes.map { $0.map { $0 / 1e6 } }),
        speedup: times.ratio(of: 0, over: index, confidence: confidence),
        passes: passes, disturbedBlocks: times.disturbedBlocks[index],
        isReference: index == 0, floor: floor)
    }
  }

  private var judgement: RatioVerdict? {
    guard let speedup else { return nil }
    // A race that could not be compared with itself claims nothing.
    guard let floor else { return speedup.isTooWide ? .undecided : .tooFewSamples }
    return RatioVerdict(speedup, noiseFloor: floor.ratio)
  }

  var isSlower: Bool { !isReference && judgement == .slower }

  var verdict: String {
    isReference ? "reference" : judgement?.rawValue ?? "not measured"
  }

  /// Why a number or the verdict is missing; `nil` where none is.
  var indecision: String? {
    let time = milliseconds.flatMap { Indecision(time: $0, unit: "ms") }
    let speed =
      isReference || judgement != .undecided
      ? nil : speedup.flatMap { Indecision(speed: $0, noiseFloor: floor?.ratio ?? 1) }
    let reasons = [time, speed].compactMap { $0?.description }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  static func table(_ rows: [ScheduleRow]) -> Table {
    let hasReasons = rows.contains { $0.indecision != nil }
    var columns: [Table.Column] = [
      .init("schedule", minimumWidth: 10),
      .init("threads", alignment: .right, priority: 1, isDescriptive: true),
      .init("ms", alignment: .right), .init("interval", alignment: .right, priority: 2),
      .init("speed", alignment: .right), .init("interval", alignment: .right, priority: 3),
      .init("verdict"),
    ]
    if hasReasons { columns.append(.init("why", priority: 0, minimumWidth: 20)) }
    var table = Table(columns: columns)
    func fixed(_ value: Double?) -> String { CellText.fixed(value, decimals: 3) }
    for row in rows {
      let time = row.milliseconds.flatMap { $0.isTooWide ? nil : $0 }
      let speed = row.speedup.flatMap { $0.isTooWide ? nil : $0 }
      var cells: [String] = [
        row.name, "\(row.threads)", fixed(time?.median),
        CellText.range(fixed(time?.low), fixed(time?.high)), fixed(speed?.ratio),
        CellText.range(fixed(speed?.low), fixed(speed?.high)), row.verdict,
      ]
      if hasReasons { cells.append(row.indecision ?? "") }
      table.append(cells)
    }
    return table
  }

  static let fields: [RecordField<ScheduleRow>] = [
    identity,
    RecordField.interval("latency_ms") { $0.milliseconds },
    RecordField.ratio("relative_speed") { $0.speedup },
    outcome,
    RecordField.samples { $0.passes },
  ].flatMap { $0 }

  private static let identity: [RecordField<ScheduleRow>] = [
    RecordField(Column("schedule", kind: .text, role: .key)) { .text($0.name) },
    RecordField(Column("threads", kind: .integer, role: .threads)) { .integer($0.threads) },
  ]

  private static let outcome: [RecordField<ScheduleRow>] = [
    RecordField(Column("verdict", kind: .text)) { .text($0.verdict) },
    RecordField(Column("undecided", kind: .text)) { .optional($0.indecision) },
    RecordField(Column("disturbed_blocks", kind: .integer)) { .integer($0.disturbedBlocks) },
  ]
}
