import DSCore
import DSNetworks
import Testing

@Suite struct MobileNetTests {
  @Test func `v1 has 28 layers with weights`() throws {
    let network = try Network(model: "mobilenet-v1")
    #expect(network.layers.count { $0.stage.hasWeights } == 28)
    #expect(network.layers.count == 30)
    #expect(network.layers.count { $0.stage.kind == .depthwise } == 13)
    #expect(network.layers.map(\.stage.readsImage) == [true] + Array(repeating: false, count: 29))
  }

  @Test func `v1 names its tensors as Keras does`() throws {
    let network = try Network(model: .mobileNetV1, width: 0.5)
    let stem = try network.layer("conv1")
    #expect(stem.parameters?.kernelNames == ["conv1/kernel"])
    #expect(stem.parameters?.kernelShape == [3, 3, 3, 16])
    #expect(stem.parameters?.batchNormalization == "conv1_bn")
    #expect(stem.parameters?.biasName == nil)
    let depthwise = try network.layer("conv_dw_13")
    #expect(
      depthwise.parameters?.kernelNames == ["conv_dw_13/kernel", "conv_dw_13/depthwise_kernel"])
    #expect(depthwise.parameters?.kernelShape == [3, 3, 512, 1])
    #expect(depthwise.parameters?.hasGamma == true)
    let classifier = try network.layer("conv_preds")
    #expect(classifier.parameters?.kernelShape == [1, 1, 512, 1000])
    #expect(classifier.parameters?.biasName == "conv_preds/bias")
    #expect(classifier.parameters?.batchNormalization == nil)
  }

  @Test func `v1 pads strided depthwise layers after the image only`() throws {
    for layer in try Network(model: .mobileNetV1).layers where layer.stage.kind == .depthwise {
      let padding = layer.stage.window.padding
      #expect(padding == Padding(before: layer.stage.window.stride == 2 ? 0 : 1, after: 1))
    }
  }

  @Test(arguments: [32, 64, 96, 128, 160, 192, 224, 256, 2048])
  func `every strided layer halves the image`(resolution: Int) throws {
    for model in [Model.mobileNetV1, .mobileNetV2] {
      let network = try Network(model: model, resolution: resolution)
      let last = try #require(network.layers.last { $0.stage.kind == .pointwise })
      #expect(last.stage.output.height == resolution / 32)
      #expect(network.input.height == resolution && network.resolution == resolution)
      #expect(network.output == FeatureShape(height: 1, width: 1, channels: 1000))
    }
  }

  @Test func `widths truncate in v1 and round to multiples of eight in v2`() throws {
    let v1 = try Network(model: .mobileNetV1, width: 0.3)
    #expect(try v1.layer("conv1").stage.outputChannels == 9)
    #expect(try v1.layer("conv_pw_13").stage.outputChannels == 307)
    #expect(v1.width == 0.3)

    let narrow = try Network(model: .mobileNetV2, width: 0.35)
    #expect(try narrow.layer("Conv1").stage.outputChannels == 16)
    #expect(try narrow.layer("expanded_conv_project").stage.outputChannels == 8)
    #expect(try narrow.layer("block_16_project").stage.outputChannels == 112)
    #expect(try narrow.layer("Conv_1").stage.outputChannels == 1280)
    let wide = try Network(model: .mobileNetV2, width: 1.4)
    #expect(try wide.layer("Conv1").stage.outputChannels == 48)
    #expect(try wide.layer("Conv_1").stage.outputChannels == 1792)
  }

  @Test func `v2 has seventeen blocks, ten of them residual`() throws {
    let network = try Network(model: .mobileNetV2)
    let projections = network.layers.filter { $0.name.hasSuffix("_project") }
    #expect(projections.count == 17)
    #expect(projections.allSatisfy { $0.stage.activation == .none })
    #expect(
      projections.filter(\.stage.addsResidual).map(\.name)
        == [2, 4, 5, 7, 8, 9, 11, 12, 14, 15].map { "block_\($0)_project" })
    for layer in projections {
      guard let residual = layer.residual else { continue }
      let block = layer.name.dropLast("_project".count)
      #expect(try network.layer("\(block)_expand").input == residual)
    }
  }

  @Test func `v2 names its tensors as Keras does`() throws {
    let network = try Network(model: .mobileNetV2)
    #expect(try network.layer("Conv1").parameters?.batchNormalization == "bn_Conv1")
    let first = try network.layer("expanded_conv_depthwise")
    #expect(first.parameters?.batchNormalization == "expanded_conv_depthwise_BN")
    #expect(first.parameters?.kernelNames.first == "expanded_conv_depthwise/kernel")
    let expand = try network.layer("block_1_expand")
    #expect(expand.parameters?.kernelShape == [1, 1, 16, 96])
    let classifier = try network.layer("predictions")
    #expect(classifier.parameters?.kernelNames == ["predictions/kernel"])
    #expect(classifier.parameters?.kernelShape == [1280, 1000])
    #expect(classifier.parameters?.biasName == "predictions/bias")
  }

  @Test func `equal layers share a problem`() throws {
    let problems = try Network(model: .mobileNetV1).problems
    let repeated = try #require(problems.first { $0.count == 5 })
    #expect(repeated.problem.key == "depthwise 3x3 s1 p1,1 14x14x512 relu6 f32")
    #expect(problems.reduce(0) { $0 + $1.count } == 30)
    #expect(problems[0].problem.key == "standard 3x3 s2 p0,1 image 224x224x3->32 relu6 f32")
    #expect(Set(problems.map(\.problem)).count == problems.count)
  }

  @Test func `pixels are scaled as Keras scales them`() {
    let scale = Preprocessing.scaleMinusOneToOne
    #expect(scale(0) == -1 && scale(255) == 1 && scale(127) == 127 / Float(127.5) - 1)
  }
}

extension Network {
  /// The layer of this name.
  func layer(_ name: String) throws -> Layer {
    try #require(layers.first { $0.name == name }, "no layer \(name)")
  }
}
