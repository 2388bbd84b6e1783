import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSNetworks
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
    flags: [SharedFlags.instructionSet, SharedFlags.format(["md", "json"])]
  ) { arguments, console in
    let asked = arguments.string("isa").flatMap(InstructionSet.init)
    let limit = asked ?? InstructionSet.allCases.max() ?? .baseline
    let kernels = Registry.standard.kernels.filter { $0.instructionSet <= limit }
    if arguments.string("format") == "json" {
      try console.write(JSONValue.array(kernels.map(\.json)).prettyText())
      return .ok
    }
    var table = Table(columns: [
      .init("kernel", minimumWidth: 16), .init("operator", priority: 3),
      .init("method", priority: 4), .init("isa", priority: 5),
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
    try console.write(table.text(for: console.terminal))
    return .ok
  }

  private static let problems = Command(
    "problems", summary: "List the distinct problems of a network, or of all models",
    examples: [.init("dsbench list problems -m mobilenet-v1 -w 0.5", "Of one network")],
    flags: SharedFlags.network + [SharedFlags.format(["md", "json"])]
  ) { arguments, console in
    let models = arguments.string("model").map { [$0] } ?? Model.allCases.map(\.rawValue)
    var rows: [JSONValue] = []
    var table = Table(columns: [
      .init("problem", minimumWidth: 16), .init("network", priority: 2),
      .init("layers", alignment: .right, priority: 3),
      .init("multiply-adds", alignment: .right, priority: 4),
      .init("bytes", alignment: .right, priority: 1),
    ])
    for model in models {
      let network = try arguments.network(named: model)
      for entry in network.problems {
        let problem = entry.problem
        table.append([
          problem.key, network.name, "\(entry.count)", Quantity.count(problem.multiplyAdds),
          Quantity.bytes(problem.compulsoryBytes),
        ])
        rows.append(
          .object([
            "network": .string(network.name), "problem": .string(problem.key),
            "count": .integer(entry.count), "multiply_adds": .integer(problem.multiplyAdds),
            "compulsory_bytes": .integer(problem.compulsoryBytes),
          ]))
      }
    }
    if arguments.string("format") == "json" {
      try console.write(JSONValue.array(rows).prettyText())
    } else {
      try console.write(table.text(for: console.terminal))
    }
    return .ok
  }
}

extension Kernel {
  fileprivate var json: JSONValue {
    .object([
      "id": .string(id), "operator": .string(operation.rawValue),
      "method": .string(method.rawValue), "isa": .string(instructionSet.rawValue),
      "numeric_class": .string(numericClass.rawValue), "summary": .string(summary),
      "compatibility": .string(compatibility),
      "parameters": .array(
        parameters.map { axis in
          .object([
            "name": .string(axis.name), "summary": .string(axis.summary),
            "least": .integer(axis.legal.lowerBound), "most": .integer(axis.legal.upperBound),
          ])
        }),
    ])
  }
}
