import DSCommandLine
import DSCommands
import DSNetworks
import DSReporting
import DSSchedule

/// `dsbench cost`: multiply-adds and parameters of every layer beside those of the standard convolution
/// it replaces.
enum CostCommand {
  static let command = Command(
    "cost", summary: "Count multiply-adds and parameters, layer by layer",
    details: """
      A depthwise layer and the pointwise layer behind it replace one standard convolution; its cost \
      stands in the pointwise layer's row.
      """,
    examples: [
      .init("dsbench cost --model mobilenet-v1", "569 M multiply-adds and 4.25 M parameters"),
      .init("dsbench cost -m mobilenet-v2 -w 1.4 -f json", "The same as JSON, another width"),
    ],
    flags: SharedFlags.network + ReportOutput.flagsWithoutSamples
  ) { arguments, console in
    let cost = try arguments.network().cost
    let layers = ResultTable(
      name: "dsbench_cost", records: cost.layers, fields: LayerCost.fields, context: nil)
    try ReportOutput(arguments, console).write(
      CommandReport(
        sections: [.init(table: table(cost))], records: layers, json: json(cost, layers)))
    return .ok
  }

  private static func table(_ cost: NetworkCost) -> Table {
    var table = Table(columns: [
      .init("layer", minimumWidth: 8), .init("problem", priority: 1, minimumWidth: 12),
      .init("multiply-adds", alignment: .right), .init("parameters", alignment: .right),
      .init("standard multiply-adds", alignment: .right, priority: 3),
      .init("standard parameters", alignment: .right, priority: 2),
    ])
    for layer in cost.layers {
      table.append([
        layer.name, layer.problem.key, "\(layer.multiplyAdds)", "\(layer.parameters)",
        "\(layer.standardMultiplyAdds)", "\(layer.standardParameters)",
      ])
    }
    table.append([
      "total", "", "\(cost.multiplyAdds)", "\(cost.parameters)", "\(cost.standardMultiplyAdds)",
      "\(cost.standardParameters)",
    ])
    return table
  }

  private static func json(_ cost: NetworkCost, _ layers: ResultTable) -> JSONValue {
    .object([
      "layers": .array(layers.objects),
      "multiply_adds": .integer(cost.multiplyAdds), "parameters": .integer(cost.parameters),
      "standard_multiply_adds": .integer(cost.standardMultiplyAdds),
      "standard_parameters": .integer(cost.standardParameters),
    ])
  }
}

extension LayerCost {
  fileprivate static let fields: [RecordField<Self>] = [
    RecordField(Column("name", kind: .text, role: .key)) { .text($0.name) },
    RecordField(Column("problem", kind: .text)) { .text($0.problem.key) },
    RecordField(Column("multiply_adds", kind: .integer)) { .integer($0.multiplyAdds) },
    RecordField(Column("parameters", kind: .integer)) { .integer($0.parameters) },
    RecordField(Column("standard_multiply_adds", kind: .integer)) {
      .integer($0.standardMultiplyAdds)
    },
    RecordField(Column("standard_parameters", kind: .integer)) {
      .integer($0.standardParameters)
    },
  ]
}
