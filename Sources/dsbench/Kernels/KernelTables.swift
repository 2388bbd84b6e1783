import DSCommandLine
import DSReporting

/// Records for somebody at a terminal: a table for each problem, fitted to the width.
enum KernelTables {
  static func text(_ records: [BenchmarkRecord], showsSamples: Bool, terminal: Terminal) -> String {
    var problems: [String] = []
    for record in records where problems.last != record.problem { problems.append(record.problem) }
    return problems.map { problem in
      let own = records.filter { $0.problem == problem }
      let heading = terminal.styled(terminal.repertoire.shown(problem), .bold)
      return heading + "\n" + table(own, showsSamples: showsSamples).text(for: terminal)
    }.joined(separator: "\n")
  }

  private static func table(_ records: [BenchmarkRecord], showsSamples: Bool) -> Table {
    var columns: [Table.Column] = [
      .init("kernel", minimumWidth: 22), .init("parameters", priority: 1, minimumWidth: 8),
      .init("threads", alignment: .right, priority: 8), .init("µs", alignment: .right),
      .init("interval", alignment: .right, priority: 4),
      .init("n", alignment: .right, priority: 2), .init("GFLOP/s", alignment: .right, priority: 9),
      .init("GB/s", alignment: .right, priority: 3),
      .init("% of roof", alignment: .right, priority: 6), .init("roof", priority: 5),
      .init("max error", alignment: .right, priority: 5),
      .init("speed", alignment: .right), .init("verdict", priority: 7),
    ]
    if showsSamples { columns.append(.init("samples (µs)", priority: 0)) }
    var table = Table(columns: columns)
    for record in records {
      var row = [
        shortName(record), parameters(record), "\(record.threads)",
        Quantity.significant(record.microseconds.median, digits: 4),
        Quantity.significant(record.microseconds.low, digits: 4) + "–"
          + Quantity.significant(record.microseconds.high, digits: 4),
        "\(record.microseconds.samples)", rate(record.gigaflops), rate(record.gigabytesPerSecond),
        record.percentOfRoof.map { Quantity.fixed($0, decimals: 0) } ?? "", record.bound ?? "",
        error(record), record.relativeSpeed.map { Quantity.significant($0.ratio) } ?? "",
        record.isCorrect == false ? "WRONG" : record.verdict?.rawValue ?? "",
      ]
      if showsSamples {
        row.append(
          record.samplesNanoseconds.map { Quantity.significant($0 / 1000) }.joined(separator: " "))
      }
      table.append(row)
    }
    return table
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

  private static func rate(_ value: Double?) -> String {
    value.map { Quantity.significant($0) } ?? ""
  }

  private static func error(_ record: BenchmarkRecord) -> String {
    guard let error = record.maximumError else { return "" }
    return error == 0 ? "0" : "\(Float16(error))"
  }
}
