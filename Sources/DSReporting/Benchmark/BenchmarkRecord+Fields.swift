extension BenchmarkRecord {
  /// Every field of a record, for every format.
  public static let fields: [RecordField<BenchmarkRecord>] = [
    RecordField(Column("problem", title: "problem", kind: .text, role: .key)) { .text($0.problem) },
    RecordField(Column("kernel", title: "kernel", kind: .text, role: .key)) { .text($0.kernel) },
    RecordField(Column("isa", title: "isa", kind: .text, role: .condition)) {
      .text($0.instructionSet.rawValue)
    },
    RecordField(Column("threads", title: "threads", kind: .integer, role: .threads)) {
      .integer($0.threads)
    },
    RecordField(Column("parameters", title: "parameters", kind: .nested, role: .key)) {
      .named($0.parameters)
    },
    RecordField(Column("cache", kind: .text, role: .condition)) { .text($0.cache) },
    RecordField(Column("microseconds", "median", title: "µs", kind: .number)) {
      .unless($0.microseconds.isTooWide, $0.microseconds.median)
    },
    RecordField(Column("microseconds", "low", title: "low", kind: .number)) {
      .unless($0.microseconds.isTooWide, $0.microseconds.low)
    },
    RecordField(Column("microseconds", "high", title: "high", kind: .number)) {
      .unless($0.microseconds.isTooWide, $0.microseconds.high)
    },
    RecordField(Column("microseconds", "samples", kind: .integer)) {
      .integer($0.microseconds.count)
    },
    RecordField(Column("gflops", title: "GFLOP/s", kind: .number)) { .optional($0.gigaflops) },
    RecordField(Column("gbps", title: "GB/s", kind: .number)) { .optional($0.gigabytesPerSecond) },
    RecordField(Column("percent_of_roof", title: "% of roof", kind: .number)) {
      .optional($0.percentOfRoof)
    },
    RecordField(Column("bound", title: "roof", kind: .text)) { .optional($0.bound) },
    RecordField(Column("max_error", title: "max error", kind: .number)) {
      .optional($0.maximumError)
    },
    RecordField(Column("correct", title: "correct", kind: .flag, role: .condition)) {
      $0.isCorrect.map { .flag($0) } ?? .missing
    },
    RecordField(Column("relative_speed", "ratio", title: "speed", kind: .number)) {
      .ratio($0.relativeSpeed, \.ratio)
    },
    RecordField(Column("relative_speed", "low", kind: .number)) {
      .ratio($0.relativeSpeed, \.low)
    },
    RecordField(Column("relative_speed", "high", kind: .number)) {
      .ratio($0.relativeSpeed, \.high)
    },
    RecordField(Column("verdict", title: "verdict", kind: .text)) {
      .optional($0.verdict?.text)
    },
    RecordField(Column("undecided", title: "why undecided", kind: .text)) {
      .optional($0.indecision)
    },
    RecordField(Column("cycles", title: "cycles", kind: .number)) {
      .optional($0.cyclesPerRun)
    },
    RecordField(Column("instructions", title: "instructions", kind: .number)) {
      .optional($0.instructionsPerRun)
    },
    RecordField(Column("page_faults", kind: .integer)) { .count($0.counts?.pageFaults) },
    RecordField(Column("context_switches", kind: .integer)) { .count($0.counts?.contextSwitches) },
    RecordField(Column("migrations", kind: .integer)) { .count($0.counts?.migrations) },
    RecordField(Column("warnings", kind: .nested)) { .texts($0.doubts.map(\.description)) },
    RecordField(Column("reproduce", kind: .text)) { .optional($0.reproduce) },
    RecordField(Column("disturbed_blocks", kind: .integer)) { .integer($0.disturbedBlocks) },
    RecordField(Column("passes", kind: .nested)) { $0.passes.map { .integers($0) } ?? .missing },
    RecordField(Column("samples_ns", kind: .nested, role: .samples)) {
      .numbers($0.samplesNanoseconds)
    },
  ]
}

extension ResultTable {
  public init(_ records: [BenchmarkRecord], context: RunContext) {
    self.init(
      name: "dsbench", records: records, fields: BenchmarkRecord.fields, context: context)
  }
}
