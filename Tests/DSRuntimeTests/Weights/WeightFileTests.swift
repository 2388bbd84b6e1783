import DSRuntime
import TestSupport
import Testing

@Suite struct WeightFileTests {
  /// The file is removed at once; its mapping stays.
  private func load(_ file: SafeTensorsFile) throws -> WeightFile {
    try Fixtures.withFile(file.bytes) { try WeightFile(path: $0) }
  }

  private func values(_ weights: WeightFile, _ names: [String], _ shape: [Int]) throws -> [Float] {
    try weights.tensor(named: names, shape: shape, role: .bias).withValues(Array.init)
  }

  @Test func readsNamesMetadataAndValues() throws {
    var file = SafeTensorsFile(metadata: ["epsilon": "1e-5", "format": "keras"])
    file.add("b/kernel", shape: [2, 3], [1, 2, 3, 4, 5, 6])
    file.add("a/bias", shape: [2], [-1, 0.5])
    let weights = try load(file)
    #expect(weights.names == ["a/bias", "b/kernel"])
    #expect(weights.metadata["format"] == "keras")
    #expect(weights.epsilon == 1e-5)
    #expect(try values(weights, ["b/kernel"], [2, 3]) == [1, 2, 3, 4, 5, 6])
    #expect(try values(weights, ["a/bias"], [2]) == [-1, 0.5])
  }

  @Test func epsilonDefaultsToThatOfKeras() throws {
    #expect(try load(SafeTensorsFile()).epsilon == 1e-3)
  }

  @Test func takesTheFirstNameThatExists() throws {
    var file = SafeTensorsFile()
    file.add("dw/depthwise_kernel", shape: [1], [7])
    let weights = try load(file)
    #expect(try values(weights, ["dw/kernel", "dw/depthwise_kernel"], [1]) == [7])
  }

  @Test func valuesOutliveTheFileObject() throws {
    var file = SafeTensorsFile()
    file.add("t", shape: [3], [1, 2, 3])
    let slice = try load(file).tensor(named: ["t"], shape: [3], role: .bias)
    #expect(slice.withValues(Array.init) == [1, 2, 3])
  }

  @Test func convertsOtherFloatTypesAtAnyAlignment() throws {
    let expected: [Float] = [0, -1.5, 0.15625, 40960]
    var file = SafeTensorsFile()
    file.add("odd", type: "U8", shape: [1], bytes: [0])  // All that follows is unaligned.
    file.add("f32", shape: [4], expected)
    file.add(
      "f64", type: "F64", shape: [4], bytes: expected.map(Double.init).withUnsafeBytes(Array.init))
    file.add(
      "f16", type: "F16", shape: [4],
      bytes: expected.map { Float16($0) }.withUnsafeBytes(Array.init))
    file.add(
      "bf16", type: "BF16", shape: [4],
      bytes: expected.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes(Array.init))
    let weights = try load(file)
    for name in ["f32", "f64", "f16", "bf16"] {
      #expect(try values(weights, [name], [4]) == expected, "\(name)")
    }
    #expect(
      throws: WeightError.unsupportedElementType(name: "odd", type: "U8", path: weights.origin)
    ) {
      try values(weights, ["odd"], [1])
    }
  }

  @Test func missingAndMisshapenTensorsAreNamed() throws {
    var file = SafeTensorsFile()
    file.add("conv1/kernel", shape: [2, 2], [1, 2, 3, 4])
    let weights = try load(file)
    let missing = #expect(throws: WeightError.self) {
      try values(weights, ["conv2/kernel", "conv2/depthwise_kernel"], [4])
    }
    #expect(missing?.description.contains("'conv2/kernel' or 'conv2/depthwise_kernel'") == true)
    #expect(
      throws: WeightError.shapeMismatch(
        name: "conv1/kernel", expected: [4], found: [2, 2], path: weights.origin)
    ) { try values(weights, ["conv1/kernel"], [4]) }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func valuesThatAreNotFiniteAreNamed(broken: Float) throws {
    var file = SafeTensorsFile()
    file.add("good", shape: [1], [1])
    file.add("bn/gamma", shape: [4], [1, 2, broken, 3])
    let weights = try load(file)
    #expect(try values(weights, ["good"], [1]) == [1])
    #expect(
      throws: WeightError.notFinite(name: "bn/gamma", index: 2, path: weights.origin)
    ) { try values(weights, ["bn/gamma"], [4]) }
  }

  @Test func valuesBeyondFloat32AreNamed() throws {
    var file = SafeTensorsFile()
    file.add("t", type: "F64", shape: [1], bytes: [1e300].withUnsafeBytes(Array.init))
    let weights = try load(file)
    #expect(throws: WeightError.notFinite(name: "t", index: 0, path: weights.origin)) {
      try values(weights, ["t"], [1])
    }
  }

  @Test(arguments: ["", "abc", "-1e-3", "nan", "inf", "2"])
  func wrongEpsilonIsAnError(text: String) throws {
    try Fixtures.withFile(SafeTensorsFile(metadata: ["epsilon": text]).bytes) { path in
      #expect(throws: WeightError.invalidEpsilon(text: text, path: path)) {
        try WeightFile(path: path)
      }
    }
  }
}
