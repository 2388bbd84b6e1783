import DSCommandLine
import DSMeasurement
import DSReporting

/// Records for somebody at a terminal: a table for each problem, fitted to the width.
enum KernelTables {
  static func report(
    _ records: [BenchmarkRecord], context: RunContext, showsSamples: Bool
  ) -> CommandReport {
    var table = ResultTable(records, context: context)
    if showsSamples, let index = table.columns.firstIndex(where: { $0.role == .samples }) {
      table.columns[index].title = "samples (ns)"
    }
    return CommandReport(
      sections: sections(records, showsSamples: showsSamples), records: table,
      json: .array(table.objects), hasOneMarkdownTable: true)
  }

  private static func sections(
    _ records: [BenchmarkRecord], showsSamples: Bool
  ) -> [CommandReport.Section] {
    var problems: [String] = []
    for record in records where problems.last != record.problem { problems.append(record.problem) }
    return problems.map { problem in
      let own = records.filter { $0.problem == problem }
      return CommandReport.Section(
        heading: problem, table: table(own, showsSamples: showsSamples))
    }
  }

  private static func table(_ records: [BenchmarkRecord], showsSamples: Bool) -> Table {
    let hasReasons = records.contains { $0.indecision != nil }
    var columns: [Table.Column] = [
      .init("kernel", minimumWidth: 22), .init("parameters", priority: 1, minimumWidth: 8),
      .init("threads", alignment: .right, priority: 8, isDescriptive: true),
      .init("µs", alignment: .right), .init("interval", alignment: .right, priority: 4),
      .init("n", alignment: .right, priority: 2), .init("GFLOP/s", alignment: .right, priority: 9),
      .init("GB/s", alignment: .right, priority: 3),
      .init("% of roof", alignment: .right, priority: 6),
      .init("roof", priority: 5, isDescriptive: true),
      .init("max error", alignment: .right, priority: 5),
      .init("speed", alignment: .right), .init("verdict", priority: 7),
    ]
    if hasReasons { columns.append(.init("why", priority: 0, minimumWidth: 20)) }
    if showsSamples { columns.append(.init("samples (µs)", priority: 0)) }
    var table = Table(columns: columns)
    for record in records {
      table.append(
        cells(record) + (hasReasons ? [record.indecision ?? ""] : [])
          + (showsSamples ? [samples(record)] : []))
    }
    return table
  }

  private static func cells(_ record: BenchmarkRecord) -> [String] {
    let time = record.microseconds.isTooWide ? nil : record.microseconds
    let speed = record.relativeSpeed.flatMap { $0.isTooWide ? nil : $0 }
    return [
      shortName(record), parameters(record), "\(record.threads)",
      CellText.significant(time?.median, digits: 4),
      CellText.range(
        CellText.significant(time?.low, digits: 4), CellText.significant(time?.high, digits: 4)),
      "\(record.microseconds.count)", CellText.significant(record.gigaflops),
      CellText.significant(record.gigabytesPerSecond),
      CellText.fixed(record.percentOfRoof, decimals: 0), record.bound ?? "",
      error(record), CellText.significant(speed?.ratio),
      record.isCorrect == false ? "WRONG" : record.verdict?.text ?? "",
    ]
  }

  /// The kernel's id without what the heading says already: "3x3s1-simd__avx512".
  private static func shortName(_ record: BenchmarkRecord) -> String {
    let words: [Substring] = record.problem.split(separator: " ")
    let common = "f32-\(words.first ?? "")-"
    return record.kernel.hasPrefix(common)
      ? String(record.kernel.dropFirst(common.count)) : record.kernel
  }

  private static func parameters(_ record: BenchmarkRecord) -> String {
    record.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      .joined(separator: " ")
  }

  private static func error(_ record: BenchmarkRecord) -> String {
    guard let error = record.maximumError else { return "" }
    return error == 0 ? "0" : "\(Float16(error))"
  }

  private static func samples(_ record: BenchmarkRecord) -> String {
    record.samplesNanoseconds.map { Quantity.significant($0 / 1000) }.joined(separator: " ")
  }
}
