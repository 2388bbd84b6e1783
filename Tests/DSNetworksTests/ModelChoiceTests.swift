import DSCore
import DSNetworks
import Testing

@Suite struct ModelChoiceTests {
  @Test(arguments: [0, -1, 1e9, .nan, .infinity, -.infinity, 0.01, 1.0001])
  func `v1 refuses other widths`(width: Double) {
    #expect {
      try Network(model: "mobilenet-v1", width: width)
    } throws: { error in
      guard case NetworkError.widthOutOfRange = error else { return false }
      return "\(error)".contains("mobilenet-v1") && "\(error)".contains("from 0.03125 to 1.0")
    }
  }

  @Test(arguments: [(Model.mobileNetV2, 0.34), (.mobileNetV2, 1.5), (.xception, 0.5)])
  func `the others refuse theirs`(model: Model, width: Double) {
    #expect(throws: NetworkError.self) { try Network(model: model, width: width) }
  }

  @Test(arguments: [0.03125, 0.1, 0.333, 0.999])
  func `v1 takes any other width`(width: Double) throws {
    #expect(try Network(model: .mobileNetV1, width: width, resolution: 32).classCount == 1000)
  }

  @Test(arguments: [33, 0, -32, 1_000_000, 2080, .max, .min])
  func `resolutions are multiples of 32 in bounds`(resolution: Int) {
    for model in ["mobilenet-v1", "mobilenet-v2"] {
      #expect {
        try Network(model: model, resolution: resolution)
      } throws: { error in
        error as? NetworkError
          == .resolutionOutOfRange(
            resolution, model: model, allowed: "a multiple of 32 from 32 to 2048")
      }
    }
  }

  @Test(arguments: [70, 0, -71, 1_000_000])
  func `Xception takes any resolution from 71`(resolution: Int) throws {
    #expect(throws: NetworkError.self) { try Network(model: .xception, resolution: resolution) }
    for possible in 71...80 { _ = try Network(model: .xception, resolution: possible) }
    _ = try Network(model: .xception, resolution: 2048)
  }

  @Test func `batch and classes have bounds`() throws {
    for batch in [0, -1, 1025, .max] {
      #expect(throws: NetworkError.batchOutOfRange(batch)) {
        try Network(model: .mobileNetV1, batch: batch)
      }
    }
    for classes in [0, -1, 1 << 21, .max] {
      #expect(throws: NetworkError.self) { try Network(model: .mobileNetV1, classes: classes) }
    }
    let network = try Network(model: .mobileNetV1, batch: 3, classes: 7)
    #expect(network.batch == 3 && network.classCount == 7)
    #expect(network.output == FeatureShape(batch: 3, height: 1, width: 1, channels: 7))
  }

  @Test func `a batch too large for its resolution is refused by the layer`() {
    #expect {
      try Network(model: .mobileNetV1, resolution: 2048, batch: 1024)
    } throws: { error in
      guard case NetworkError.impossibleLayer = error else { return false }
      return true
    }
  }

  @Test(arguments: [
    ("mobilenet-v3", "mobilenet-v2"), ("mobilenetv1", "mobilenet-v1"), ("Xeption", "xception"),
  ])
  func `a near miss gets a suggestion`(name: String, meant: String) {
    #expect {
      try Network(model: name)
    } throws: { error in
      guard case NetworkError.unknownModel(name, let suggestion?) = error else { return false }
      return (suggestion == meant || suggestion.hasPrefix("mobilenet-v"))
        && "\(error)".contains(meant)
    }
  }

  @Test(arguments: ["", "resnet50", String(repeating: "x", count: 100_000), "ü\u{0}\u{1F600}"])
  func `a far miss gets the list`(name: String) {
    #expect(throws: NetworkError.unknownModel(name, suggestion: nil)) { try Network(model: name) }
  }
}
