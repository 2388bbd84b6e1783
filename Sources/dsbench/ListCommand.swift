import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSNetworks
import DSReporting
import DSSchedule

/// `dsbench list …`: what there is to measure.
enum ListCommand {
  static let command = Command(
    "list", summary: "List kernels, or the problems of networks",
    examples: [
      .init("dsbench list kernels", "Every kernel with its parameters"),
      .init("dsbench list problems -m xception", "The distinct layers of a network"),
    ],
    subcommands: [kernels, problems])

  private static let kernels = Command(
    "kernels", summary: "List every kernel of this build",
    examples: [.init("dsbench list kernels --isa avx2", "Those that need no more than AVX2")],
    flags: [SharedFlags.instructionSet] + ReportOutput.flagsWithoutSamples
  ) { arguments, console in
    let asked = arguments.string("isa").flatMap(InstructionSet.init)
    let limit = asked ?? InstructionSet.allCases.max() ?? .baseline
    let kernels = Registry.standard.kernels.filter { $0.instructionSet <= limit }
    var table = Table(columns: [
      .init("kernel", minimumWidth: 16), .init("operator", priority: 3),
      .init("method", priority: 4), .init("isa", priority: 5, isDescriptive: true),
      .init("parameters", priority: 2, minimumWidth: 10),
      .init("what it does", priority: 1, minimumWidth: 16),
    ])
    for kernel in kernels {
      table.append([
        kernel.id, kernel.operation.rawValue, kernel.method.rawValue,
        kernel.instructionSet.rawValue, kernel.parameters.map(\.name).joined(separator: " "),
        kernel.summary,
      ])
    }
    let records = ResultTable(
      name: "dsbench_kernels", records: kernels, fields: Kernel.fields, context: nil)
    try ReportOutput(arguments, console).write(
      CommandReport(
        sections: [.init(table: table)], records: records, json: .array(records.objects)))
    return .ok
  }

  private static let problems = Command(
    "problems", summary: "List the distinct problems of a network, or of all models",
    examples: [.init("dsbench list problems -m mobilenet-v1 -w 0.5", "Of one network")],
    flags: SharedFlags.network + ReportOutput.flagsWithoutSamples
  ) { arguments, console in
    let models = arguments.string("model").map { [$0] } ?? Model.allCases.map(\.rawValue)
    var rows: [ProblemRow] = []
    for model in models {
      let network = try arguments.network(named: model)
      rows += network.problems.map {
        ProblemRow(network: network.name, problem: $0.problem, count: $0.count)
      }
    }
    var table = Table(columns: [
      .init("problem", minimumWidth: 16), .init("network", priority: 2, isDescriptive: true),
      .init("layers", alignment: .right, priority: 3),
      .init("multiply-adds", alignment: .right, priority: 4),
      .init("bytes", alignment: .right, priority: 1),
    ])
    for row in rows {
      table.append([
        row.problem.key, row.network, "\(row.count)", Quantity.count(row.problem.multiplyAdds),
        Quantity.bytes(row.problem.compulsoryBytes),
      ])
    }
    let records = ResultTable(
      name: "dsbench_problems", records: rows, fields: ProblemRow.fields, context: nil)
    try ReportOutput(arguments, console).write(
      CommandReport(
        sections: [.init(table: table)], records: records, json: .array(records.objects)))
    return .ok
  }

  private struct ProblemRow {
    let network: String
    let problem: Problem
    /// Layers that are this problem.
    let count: Int

    static let fields: [RecordField<ProblemRow>] = [
      RecordField(Column("network", kind: .text, role: .key)) { .text($0.network) },
      RecordField(Column("problem", kind: .text, role: .key)) { .text($0.problem.key) },
      RecordField(Column("count", kind: .integer)) { .integer($0.count) },
      RecordField(Column("multiply_adds", kind: .integer)) { .integer($0.problem.multiplyAdds) },
      RecordField(Column("compulsory_bytes", kind: .integer)) {
        .integer($0.problem.compulsoryBytes)
      },
    ]
  }
}

extension Kernel {
  fileprivate static let fields: [RecordField<Kernel>] = [
    RecordField(Column("id", kind: .text, role: .key)) { .text($0.id) },
    RecordField(Column("operator", kind: .text)) { .text($0.operation.rawValue) },
    RecordField(Column("method", kind: .text)) { .text($0.method.rawValue) },
    RecordField(Column("isa", kind: .text)) { .text($0.instructionSet.rawValue) },
    RecordField(Column("numeric_class", kind: .text)) { .text($0.numericClass.rawValue) },
    RecordField(Column("summary", kind: .text)) { .text($0.summary) },
    RecordField(Column("compatibility", kind: .text)) { .text($0.compatibility) },
    RecordField(Column("parameters", kind: .nested)) { kernel in
      .nested(
        .array(
          kernel.parameters.map { axis in
            .object([
              "name": .string(axis.name), "summary": .string(axis.summary),
              "least": .integer(axis.legal.lowerBound), "most": .integer(axis.legal.upperBound),
            ])
          }))
    },
  ]
}
