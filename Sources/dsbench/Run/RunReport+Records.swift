import DSMeasurement
import DSReporting
import DSRuntime
import DSSchedule

extension RunReport {
  /// A run on each number of threads.
  static func report(_ reports: [RunReport], context: RunContext) -> CommandReport {
    let objects = reports.map(\.json)
    return CommandReport(
      sections: reports.map { .init(table: $0.table, footer: $0.summary) }, context: context,
      records: ResultTable(
        name: "dsbench_run", records: reports.flatMap(\.rows), fields: Row.fields,
        context: context),
      json: objects.count == 1 ? objects[0] : .array(objects), lines: objects)
  }

  /// The whole network, or a layer of it.
  private struct Row: Sendable {
    let model: String
    let width: Double
    let resolution: Int
    let batch: Int
    let threads: Int
    let isa: String
    let schedule: String?
    /// `nil` for the whole network.
    var layer: String?
    var problem: String?
    var kernel: String?
    var parameters: [String: Int] = [:]
    var microseconds = 0.0
    var low: Double?
    var high: Double?
    var gigaflops = 0.0
    var gigabytesPerSecond: Double?
    var percentOfRoof: Double?
    var bound: String?
    var samplesNanoseconds: [Double] = []

    static let fields: [RecordField<Row>] = [
      RecordField(Column("model", kind: .text, role: .key)) { .text($0.model) },
      RecordField(Column("width", kind: .number, role: .condition)) { .number($0.width) },
      RecordField(Column("resolution", kind: .integer, role: .condition)) {
        .integer($0.resolution)
      },
      RecordField(Column("batch", kind: .integer, role: .condition)) { .integer($0.batch) },
      RecordField(Column("threads", kind: .integer, role: .threads)) { .integer($0.threads) },
      RecordField(Column("isa", kind: .text, role: .condition)) { .text($0.isa) },
      RecordField(Column("schedule", kind: .text, role: .condition)) { .optional($0.schedule) },
      RecordField(Column("layer", kind: .text, role: .key)) { .optional($0.layer) },
      RecordField(Column("problem", kind: .text)) { .optional($0.problem) },
      RecordField(Column("kernel", kind: .text)) { .optional($0.kernel) },
      RecordField(Column("parameters", kind: .nested)) { .named($0.parameters) },
      RecordField(Column("microseconds", kind: .number)) { .number($0.microseconds) },
      RecordField(Column("microseconds_low", kind: .number)) { .optional($0.low) },
      RecordField(Column("microseconds_high", kind: .number)) { .optional($0.high) },
      RecordField(Column("gflops", kind: .number)) { .number($0.gigaflops) },
      RecordField(Column("gbps", kind: .number)) { .optional($0.gigabytesPerSecond) },
      RecordField(Column("percent_of_roof", kind: .number)) { .optional($0.percentOfRoof) },
      RecordField(Column("bound", kind: .text)) { .optional($0.bound) },
      RecordField(Column("samples_ns", kind: .nested, role: .samples)) {
        .numbers($0.samplesNanoseconds)
      },
    ]
  }

  /// The whole network first.
  private var rows: [Row] {
    var whole = Row(
      model: plan.network.name, width: plan.network.width, resolution: plan.network.resolution,
      batch: plan.network.batch, threads: plan.workers, isa: plan.instructionSet.rawValue,
      schedule: schedule)
    whole.microseconds = sample.median * 1000
    (whole.low, whole.high) = (interval.low * 1000, interval.high * 1000)
    whole.gigaflops = gigaflops
    whole.samplesNanoseconds = timing.runMicroseconds.map { $0 * 1000 }
    let parts = zip(plan.steps, layers).map { step, layer in
      var row = whole
      (row.layer, row.problem) = (step.name, step.problem.key)
      row.kernel = step.choice.kernel.id
      row.parameters = step.choice.kernel.named(step.choice.values)
      (row.microseconds, row.low, row.high) = (layer.microseconds, nil, nil)
      (row.gigaflops, row.gigabytesPerSecond) = (layer.gigaflops, layer.gigabytesPerSecond)
      (row.percentOfRoof, row.bound) = (layer.percentOfRoof, layer.bound)
      row.samplesNanoseconds = []
      return row
    }
    return [whole] + parts
  }

  var json: JSONValue {
    .object([
      "model": .string(plan.network.name), "width": .number(plan.network.width),
      "resolution": .integer(plan.network.resolution), "batch": .integer(plan.network.batch),
      "threads": .integer(plan.workers), "isa": .string(plan.instructionSet.rawValue),
      "schedule": schedule.map(JSONValue.string) ?? .null,
      "latency_ms": .object([
        "median": .number(sample.median), "low": .number(interval.low),
        "high": .number(interval.high), "min": .number(sample.minimum),
        "max": .number(sample.maximum), "p90": .number(sample.quantile(0.9)),
        "p99": .number(sample.quantile(0.99)),
        "first": .number(timing.firstMicroseconds / 1000), "samples": .integer(sample.count),
      ]),
      "samples_ns": .array(timing.runMicroseconds.map { .number($0 * 1000) }),
      "streams": .integer(throughput?.streams ?? 1),
      "images_per_second": .number(imagesPerSecond),
      "warnings": .array(
        (machine.warnings + doubts.map(\.description)).map(JSONValue.string)),
      "resident_bytes": ResidentMemory.currentBytes.map(JSONValue.integer) ?? .null,
      "peak_resident_bytes": ResidentMemory.peakBytes.map(JSONValue.integer) ?? .null,
      "gflops": .number(gigaflops), "percent_of_peak": .optional(100 * gigaflops / peakGigaflops),
      "peak_gflops": .optional(peakGigaflops),
      "multiply_adds": .integer(plan.flops / 2),
      "multiply_adds_done": .integer(plan.multiplyAddsDone),
      "activation_bytes": .integer(prepared.activationByteCount),
      "weight_bytes": .integer(prepared.packedWeightByteCount),
      "cycles": .optional(counts.cycles), "instructions": .optional(counts.instructions),
      "barrier_ns": .array(barrierNanoseconds.map(JSONValue.number)),
      "page_faults": .count(timing.counts?.pageFaults),
      "context_switches": .count(timing.counts?.contextSwitches),
      "migrations": .count(timing.counts?.migrations),
      "context": machine.context.json,
      "layers_explain": .number(explained),
      "layers": .array(
        zip(plan.steps, layers).map { step, layer in
          var fields: [String: JSONValue] = [
            "name": .string(step.name), "problem": .string(step.problem.key),
            "kernel": .string(step.choice.kernel.id),
            "parameters": .object(
              step.choice.kernel.named(step.choice.values).mapValues(JSONValue.integer)),
            "threads": .integer(step.choice.workers),
            "microseconds": .number(layer.microseconds), "gflops": .number(layer.gigaflops),
            "gbps": .number(layer.gigabytesPerSecond),
            "percent_of_roof": .number(layer.percentOfRoof), "bound": .string(layer.bound),
          ]
          if layer.bands > 1 { fields["bands"] = .integer(layer.bands) }
          return .object(fields)
        }),
    ])
  }
}
