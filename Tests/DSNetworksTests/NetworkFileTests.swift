import DSCore
import DSNetworks
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct NetworkFileTests {
  /// A small network with a fork, every kind of layer and every way to write a value.
  static let example = """
    {"schema": "dstune.network/1.0", "name": "tiny", "input": [33, 20, 3], "classes": 10,
     "preprocessing": "zero-to-one",
     "layers": [
      {"kind": "standard", "name": "stem", "kernel": [3, 5], "stride": 2, "padding": "same",
       "channels": 8, "activation": "relu6", "tensors": {"batchNormalization": "stem_bn"}},
      {"kind": "standard", "name": "shortcut", "kernel": 1, "stride": 2, "channels": 16},
      {"kind": "depthwise", "name": "dw", "input": "stem", "kernel": 3, "padding": [1, 1, 1, 1],
       "inputActivation": "relu", "tensors": {"kernel": ["dw/w"], "bias": "dw/b"}},
      {"kind": "pointwise", "name": "pw", "channels": 16, "activation": "relu",
       "tensors": {"batchNormalization": "pw_bn", "gamma": false}},
      {"kind": "maxpool", "name": "pool", "kernel": 3, "stride": 2, "padding": "same",
       "residual": "shortcut"},
      {"kind": "avgpool", "name": "mean"},
      {"kind": "dense", "name": "scores", "channels": 10,
       "tensors": {"kernelShape": [1, 1, 16, 10], "bias": "scores/bias"}},
      {"kind": "softmax", "name": "probabilities"}]}
    """

  static func network(_ text: String) throws -> Network {
    try Network(NetworkDefinition(json: Array(text.utf8)))
  }

  @Test func `a file says what it means`() throws {
    let network = try Self.network(Self.example)
    #expect(network.name == "tiny" && network.classCount == 10 && network.width == 1)
    #expect(network.preprocessing == .scaleZeroToOne)
    #expect(
      network.layers.map(\.problem.key) == [
        "standard 3x5 s2 p1,1,1,2 image 33x20x3->8 relu6 f32",
        "standard 1x1 s2 p0,0 17x10x8->16 none f32",
        "depthwise 3x3 s1 p1,1 17x10x8 in-relu none f32",
        "pointwise 17x10x8->16 relu f32",
        "maxpool 3x3 s2 p1,1,0,1 17x10x16 none residual f32",
        "avgpool 9x5 s1 p0,0 9x5x16 none f32",
        "dense 1x1x16->10 none f32",
        "softmax 1x1x10 none f32",
      ])
    #expect(network.layers.map(\.input) == [nil, 0, 0, 2, 3, 4, 5, 6])
    #expect(network.layers[4].residual == 1)
    #expect(network.layers[1].parameters?.kernelNames == ["shortcut/kernel"])
    #expect(network.layers[1].parameters?.biasName == "shortcut/bias")
    #expect(network.layers[3].parameters?.biasName == nil)
    #expect(network.layers[3].parameters?.hasGamma == false)
    #expect(network.cost.layers[3].parameters == 8 * 16 + 3 * 16)
    #expect(network.cost.layers[2].parameters == 9 * 8 + 8)
    #expect(network.cost.layers[3].standardMultiplyAdds == 17 * 10 * 9 * 8 * 16)
  }

  @Test(arguments: Model.allCases)
  func `a model written as a file is read back as the same network`(model: Model) throws {
    let width = model == .xception ? 1 : 0.75
    let definition = try model.definition(width: width, resolution: 96, classes: 5)
    let read = try NetworkDefinition(json: Array(definition.json().utf8))
    #expect(read == definition)
    let network = try Network(model: model, width: width, resolution: 96, classes: 5)
    #expect(try Network(read) == network)
  }

  private func pooled(_ kind: String, _ height: Int, _ width: Int, kernel: String = "") throws
    -> Network
  {
    try Self.network(
      """
      {"schema": "dstune.network/1.0", "name": "g", "input": [\(height), \(width), 3], "classes": 2, "layers": [
       {"kind": "standard", "name": "a", "kernel": 1, "channels": 4}, {"kind": "\(kind)", "name": "m"\(kernel)},
       {"kind": "dense", "name": "d", "channels": 2}]}
      """)
  }

  /// The limit of a window's pixels is one of windows that slide.
  @Test(arguments: ["avgpool", "maxpool"])
  func `a pooling of the whole image has no limit of its own`(kind: String) throws {
    for (height, width) in [(65, 65), (95, 83), (1, 5000), (70_001, 3)] {
      let problem = try pooled(kind, height, width).layers[1].problem
      #expect(problem.key == "\(kind) \(height)x\(width) s1 p0,0 \(height)x\(width)x4 none f32")
      #expect(try Problem(key: problem.key) == problem)
    }
    let spelled = try pooled(kind, 95, 83, kernel: #", "kernel": [95, 83]"#)
    #expect(try spelled == pooled(kind, 95, 83))
    #expect {
      try pooled(kind, 95, 83, kernel: #", "kernel": [95, 82]"#)
    } throws: { error in
      "\(error)".contains("window 95x82 has more than 4096 pixels")
    }
  }

  @Test func `a network says whether it gives probabilities`() throws {
    #expect(try Self.network(Self.example).endsInSoftmax)
    var definition = try NetworkDefinition(json: Array(Self.example.utf8))
    definition.layers.removeLast()
    #expect(try !Network(definition).endsInSoftmax)
  }

  @Test func `writing loses nothing`() throws {
    let definition = try NetworkDefinition(json: Array(Self.example.utf8))
    #expect(try NetworkDefinition(json: Array(definition.json().utf8)) == definition)
  }

  @Test func `a file is chosen by its path, and its images may have another size`() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "network-\(UInt64.random(in: 0 ... .max)).json").path
    try Self.example.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }

    #expect(try Network(model: path) == Self.network(Self.example))
    let resized = try Network(model: path, resolution: 64, batch: 4)
    #expect(resized.input == FeatureShape(batch: 4, height: 64, width: 64, channels: 3))
    #expect(resized.output == FeatureShape(batch: 4, height: 1, width: 1, channels: 10))
    #expect(throws: NetworkError.self) { try Network(model: path, width: 0.5) }
    #expect(throws: NetworkError.self) { try Network(model: path, classes: 11) }
    for resolution in [0, -1, .max, 1 << 20] {
      #expect(throws: NetworkError.self) { try Network(model: path, resolution: resolution) }
    }
  }

  @Test func `a path that leads nowhere is said to`() {
    for path in ["no/such/file.json", "nowhere.json", "/"] {
      #expect {
        try Network(model: path)
      } throws: { error in
        guard case NetworkError.unreadableFile(path, _) = error else { return false }
        return "\(error)".contains(path)
      }
    }
    #expect(throws: NetworkError.self) { try Network(model: "/dev/zero") }
    #expect(throws: NetworkError.self) { try Network(model: "/dev/null") }
  }
}
