import DSCore
import DSMeasurement
import DSSchedule

/// The JSON of google-benchmark, schema version 1, which its compare.py and many dashboards read.
///
/// Every sample is a repetition, so that tests between two files have all of them; the medians
/// follow as aggregates. Figures become counters. CPU time is not measured apart from wall time (waiting
/// workers spin), so both are the same. Rows without samples have nothing to say here.
enum GoogleBenchmarkFormat {
  static func text(_ table: ResultTable) -> String {
    let repetitions = table.rows.enumerated().flatMap { index, row in
      benchmarks(of: Row(columns: table.columns, values: row), family: index)
    }
    return JSONValue.object([
      "context": table.context.map(context) ?? .object([:]), "benchmarks": .array(repetitions),
    ]).prettyText()
  }

  // MARK: - Benchmarks

  private struct Row {
    let columns: [Column]
    let values: [ReportValue]

    private func cells(_ role: Column.Role) -> [(column: Column, value: ReportValue)] {
      zip(columns, values).filter { $0.0.role == role }.map { (column: $0.0, value: $0.1) }
    }

    var threads: Int {
      if case .integer(let threads)? = cells(.threads).first?.value { threads } else { 1 }
    }

    var samples: [Double] {
      if case .numbers(let samples)? = cells(.samples).first?.value { samples } else { [] }
    }

    var name: String {
      let words = cells(.key).map(\.value.label).filter { !$0.isEmpty }
      return (words + ["threads:\(threads)"]).joined(separator: "/")
    }

    /// Figures that are numbers; the format has no other counters.
    var counters: [String: JSONValue] {
      cells(.figure).reduce(into: [:]) { counters, cell in
        let json = cell.value.json
        if json.double != nil { counters[cell.column.name] = json }
      }
    }
  }

  private static func benchmarks(of row: Row, family: Int) -> [JSONValue] {
    let samples = row.samples
    guard let median = SortedSample(samples)?.median else { return [] }
    let common = row.counters.merging(
      [
        "run_name": .string(row.name), "family_index": .integer(family),
        "per_family_instance_index": .integer(0), "repetitions": .integer(samples.count),
        "threads": .integer(row.threads), "time_unit": .string("ns"),
      ], uniquingKeysWith: { $1 })

    func benchmark(_ nanoseconds: Double, _ own: [String: JSONValue]) -> JSONValue {
      let time = ReportValue.number(nanoseconds).json
      return .object(
        common.merging(own) { $1 }.merging(["real_time": time, "cpu_time": time]) { $1 })
    }
    let repetitions = samples.enumerated().map { index, sample in
      benchmark(
        sample,
        [
          "name": .string(row.name), "run_type": .string("iteration"),
          "repetition_index": .integer(index), "iterations": .integer(1),
        ])
    }
    return repetitions + [
      benchmark(
        median,
        [
          "name": .string(row.name + "_median"), "run_type": .string("aggregate"),
          "aggregate_name": .string("median"), "aggregate_unit": .string("time"),
          "iterations": .integer(samples.count),
        ])
    ]
  }

  // MARK: - Context

  private static func context(_ context: RunContext) -> JSONValue {
    var members: [String: JSONValue] = [
      "json_schema_version": .integer(1), "date": .string(context.date),
      "host_name": .string(context.host), "executable": .string(context.tool),
      "num_cpus": .integer(context.machine.processingUnits),
      "caches": .array(context.machine.caches.map(cache)),
      "load_avg": .array(context.loadAverages.map { .number($0) }),
      "library_version": .string(context.version), "library_build_type": .string("release"),
    ]
    if let megahertz = context.megahertz {
      members["mhz_per_cpu"] = .integer(Int(megahertz.rounded()))
    }
    if let isScaling = context.isScalingFrequency {
      members["cpu_scaling_enabled"] = .bool(isScaling)
    }
    if let isRandomized = context.isAddressSpaceRandomized {
      members["aslr_enabled"] = .bool(isRandomized)
    }
    for field in RunContext.fields {
      guard let key = field.column.path.last, members[key] == nil else { continue }
      members[key] = field.value(context).flat
    }
    return .object(members)
  }

  private static func cache(_ cache: MachineDescription.Cache) -> JSONValue {
    .object([
      "type": .string(cache.level == 1 ? "Data" : "Unified"), "level": .integer(cache.level),
      "size": .integer(cache.byteCount), "num_sharing": .integer(cache.sharedByCores),
    ])
  }
}
