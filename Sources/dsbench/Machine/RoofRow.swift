import DSReporting

/// One ceiling of a machine, as a record.
struct RoofRow {
  let isa: String
  let threads: Int
  /// "multiply-add", "L1" and so on, "memory", "barrier".
  let name: String
  let unit: String
  var ofOneCore: Double?
  var ofAllThreads: Double?
  var latencyNanoseconds: Double?
  var declaredBytes: Int?
  var measuredBytes: Int?

  static func rows(_ machine: BenchMachine) -> [RoofRow] {
    let (core, crew) = (machine.roofs.core, machine.roofs.crew)
    func row(_ name: String, _ unit: String, _ one: Double?, _ all: Double?) -> RoofRow {
      RoofRow(
        isa: machine.instructionSet.rawValue, threads: crew.workers, name: name, unit: unit,
        ofOneCore: one, ofAllThreads: all)
    }
    let levels = core.levels.map { level in
      let shared = crew.levels.first { $0.level == level.level }
      var row = row(
        "L\(level.level)", "GB/s", level.gigabytesPerSecond, shared?.gigabytesPerSecond)
      row.latencyNanoseconds = level.latencyNanoseconds
      (row.declaredBytes, row.measuredBytes) = (level.declaredBytes, level.measuredBytes)
      return row
    }
    var memory = row(
      "memory", "GB/s", core.memoryGigabytesPerSecond, crew.memoryGigabytesPerSecond)
    memory.latencyNanoseconds = core.memoryLatencyNanoseconds
    let arithmetic = row(
      "multiply-add", "GFLOP/s", core.fmaGigaflopsPerCore, crew.fmaGigaflops)
    let barrier = crew.barrierNanoseconds.map { row("barrier", "ns", nil, $0) }
    return [arithmetic] + levels + [memory] + (barrier.map { [$0] } ?? [])
  }

  static let fields: [RecordField<RoofRow>] = [
    RecordField(Column("isa", kind: .text, role: .condition)) { .text($0.isa) },
    RecordField(Column("threads", kind: .integer, role: .threads)) { .integer($0.threads) },
    RecordField(Column("roof", kind: .text, role: .key)) { .text($0.name) },
    RecordField(Column("unit", kind: .text)) { .text($0.unit) },
    RecordField(Column("one_core", kind: .number)) { .optional($0.ofOneCore) },
    RecordField(Column("all_threads", kind: .number)) { .optional($0.ofAllThreads) },
    RecordField(Column("latency_ns", kind: .number)) { .optional($0.latencyNanoseconds) },
    RecordField(Column("declared_bytes", kind: .integer)) { .optional($0.declaredBytes) },
    RecordField(Column("measured_bytes", kind: .integer)) { .optional($0.measuredBytes) },
  ]
}
