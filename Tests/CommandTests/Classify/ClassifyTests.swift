import DSKernels
import DSRuntime
import Foundation
import TestSupport
import Testing

@Suite("dsclassify")
struct ClassifyTests {
  @Test func printsTheLikeliestAndWritesAll() throws {
    try ClassifyScene.with { scene in
      let run = try scene.classify(["--top", "2", "--format", "json"])
      #expect(run.exitCode == 0 && run.talk.isEmpty, "\(run.talk)")
      let probabilities = try scene.output()
      #expect(probabilities.shape == [1, 7])
      #expect(abs(probabilities.values.reduce(0, +) - 1) < 1e-5)

      let result = try JSONDecoder().decode(Printed.self, from: Data(run.output.utf8))
      let order = (0..<7).sorted { probabilities.values[$0] > probabilities.values[$1] }
      #expect(result.model == "scene")
      #expect(result.top.map(\.classIndex) == Array(order.prefix(2)))
      #expect(result.top.map(\.probability) == order.prefix(2).map { probabilities.values[$0] })
    }
  }

  @Test func logitsAreTheScoresBeforeTheSoftmax() throws {
    try ClassifyScene.with { scene in
      #expect(try scene.classify().exitCode == 0)
      let probabilities = try scene.output().values
      #expect(try scene.classify(["--logits"]).exitCode == 0)
      let powers = try scene.output().values.map { exp(Double($0)) }
      let sum = powers.reduce(0, +)
      for (probability, power) in zip(probabilities, powers) {
        #expect(abs(Double(probability) - power / sum) < 1e-6)
      }
    }
  }

  @Test func labelsNameTheClasses() throws {
    try ClassifyScene.with { scene in
      let path = scene.folder + "/labels.txt"
      try scene.write("ant\nbee\ncat\ndog\nelk\nfox\ngnu\n".utf8, to: path)
      let run = try scene.classify(["--labels", path, "--top", "7"])
      let rows = run.output.split(separator: "\n").dropFirst()
      #expect(rows.count == 7)
      #expect(rows.contains { $0.contains("2 ") && $0.hasSuffix("cat") }, "\(run.output)")
    }
  }

  @Test func anArrayIsTakenAsItIs() throws {
    try ClassifyScene.with { scene in
      #expect(try scene.classify().exitCode == 0)
      let expected = try scene.output().values
      let path = scene.folder + "/input.npy"
      let values = (0..<192).map { Float($0) / 127.5 - 1 }
      try NumpyArray(shape: [8, 8, 3], values: values).write(to: path)
      #expect(try scene.classify(image: path).exitCode == 0)
      #expect(try scene.output().values == expected)
    }
  }

  @Test func seedsReplaceAFileOfWeights() throws {
    try ClassifyScene.with { scene in
      let outputs = try ["seed:7", "seed:7", "seed:8"].map { seed in
        #expect(try scene.classify(["--weights", seed]).exitCode == 0)
        return try scene.output().values
      }
      #expect(outputs[0] == outputs[1])
      #expect(outputs[0] != outputs[2])
    }
  }

  @Test func aScheduleIsUsed() throws {
    try ClassifyScene.with { scene in
      let path = scene.folder + "/scene.schedule.json"
      try ClassifyScene.schedule().write(path: path)
      let run = try scene.classify(["--schedule", path])
      #expect(run.exitCode == 0)
      #expect(run.talk == "schedule: 1 of 1 entries used\n")
    }
  }

  /// What `dsclassify` prints as JSON, as far as it is a contract.
  private struct Printed: Decodable {
    struct Place: Decodable {
      let classIndex: Int
      let probability: Float

      enum CodingKeys: String, CodingKey {
        case classIndex = "class"
        case probability
      }
    }

    let model: String
    let top: [Place]
  }
}
