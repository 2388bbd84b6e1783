import DSCore
import DSNetworks
import Testing

@Suite struct XceptionTests {
  @Test func `there are 36 convolution layers and four shortcuts`() throws {
    let network = try Network(model: "xception")
    let kinds = network.layers.map(\.stage.kind)
    let separable = kinds.count { $0 == .depthwise }
    let shortcuts = network.layers.filter { $0.name.hasPrefix("conv2d") }
    #expect(kinds.count { $0 == .pointwise } == separable)
    #expect(separable + kinds.count { $0 == .standard } - shortcuts.count == 36)
    #expect(shortcuts.map(\.name) == ["conv2d", "conv2d_1", "conv2d_2", "conv2d_3"])
    #expect(
      shortcuts.map(\.parameters?.batchNormalization) == [
        "batch_normalization", "batch_normalization_1", "batch_normalization_2",
        "batch_normalization_3",
      ])
    let modules = Set(network.layers.compactMap { $0.name.split(separator: "_").first })
    #expect(modules.count { $0.hasPrefix("block") } == 14)
    #expect(kinds.count { $0 == .maximumPooling } == 4)
  }

  @Test func `a shortcut reads what the module's convolutions activate for themselves`() throws {
    let network = try Network(model: .xception)
    for number in [3, 4, 13] {
      let first = try network.layer("block\(number)_sepconv1/depthwise")
      let pool = try network.layer("block\(number)_pool")
      let shortcut = network.layers[try #require(pool.residual)]
      #expect(first.stage.inputActivation == .relu)
      #expect(shortcut.stage.inputActivation == .none)
      #expect(shortcut.input == first.input)
      #expect(network.layers[try #require(first.input)].stage.activation == .none)
      #expect(
        shortcut.stage.kind == .standard && shortcut.stage.window == Window(size: 1, stride: 2))
    }
    let second = try network.layer("block2_sepconv1/depthwise")
    #expect(second.stage.inputActivation == .none)
    #expect(network.layers[try #require(second.input)].stage.activation == .relu)
  }

  @Test func `the middle flow adds each module's input to its last convolution`() throws {
    let network = try Network(model: .xception)
    for number in 5...12 {
      let first = try network.layer("block\(number)_sepconv1/depthwise")
      let inner = try network.layer("block\(number)_sepconv2/pointwise")
      let last = try network.layer("block\(number)_sepconv3/pointwise")
      #expect(last.residual == first.input && last.stage.addsResidual)
      #expect(first.stage.inputActivation == .relu)
      #expect(inner.stage.activation == .relu && last.stage.activation == .none)
      #expect(inner.residual == nil)
    }
  }

  @Test func `the last module has no shortcut and reads its input as it is`() throws {
    let network = try Network(model: .xception)
    let first = try network.layer("block14_sepconv1/depthwise")
    #expect(network.layers[try #require(first.input)].name == "block13_pool")
    #expect(first.stage.inputActivation == .none)
    #expect(try network.layer("block14_sepconv1/pointwise").stage.activation == .relu)
    #expect(try network.layer("block14_sepconv2/pointwise").stage.activation == .relu)
  }

  @Test func `separable convolutions name their halves' tensors`() throws {
    let network = try Network(model: .xception)
    let depthwise = try network.layer("block2_sepconv1/depthwise")
    #expect(depthwise.parameters?.kernelNames == ["block2_sepconv1/depthwise_kernel"])
    #expect(depthwise.parameters?.kernelShape == [3, 3, 64, 1])
    #expect(depthwise.parameters?.batchNormalization == nil)
    #expect(depthwise.parameters?.biasName == nil)
    let pointwise = try network.layer("block2_sepconv1/pointwise")
    #expect(pointwise.parameters?.kernelNames == ["block2_sepconv1/pointwise_kernel"])
    #expect(pointwise.parameters?.kernelShape == [1, 1, 64, 128])
    #expect(pointwise.parameters?.batchNormalization == "block2_sepconv1_bn")
  }

  /// Input and the images after block 1's convolutions and the four poolings, worked out by hand.
  @Test(arguments: [
    (299, [149, 147, 74, 37, 19, 10]), (71, [35, 33, 17, 9, 5, 3]), (96, [47, 45, 23, 12, 6, 3]),
    (150, [74, 72, 36, 18, 9, 5]), (224, [111, 109, 55, 28, 14, 7]),
  ])
  func `odd and even sizes shrink as in Keras`(resolution: Int, heights: [Int]) throws {
    let network = try Network(model: .xception, resolution: resolution)
    let names = ["block1_conv1", "block1_conv2"] + [2, 3, 4, 13].map { "block\($0)_pool" }
    #expect(try names.map { try network.layer($0).stage.output.height } == heights)
    #expect(try network.layer("avg_pool").stage.output.height == 1)
  }
}
