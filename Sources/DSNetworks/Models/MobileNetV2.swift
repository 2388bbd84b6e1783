import DSCore

extension NetworkDefinition {
  /// Blocks in a row: their expansion, output channels at width 1, number, and the first's stride.
  private typealias Group = (expansion: Int, filters: Int, blocks: Int, stride: Int)

  private static let mobileNetV2Groups: [Group] = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
  ]

  /// MobileNet v2 (Sandler et al., arXiv:1801.04381, table 2), padded as Keras pads it.
  static func mobileNetV2(width: Double, resolution: Int, classes: Int) -> NetworkDefinition {
    var channels = multipleOfEight(32 * width)
    var layers = [
      LayerDefinition(
        .standard, "Conv1", kernel: 3, stride: 2, padding: .same, channels: channels,
        activation: .relu6, tensors: .normalized("bn_Conv1"))
    ]
    var number = 0
    for group in mobileNetV2Groups {
      let filters = multipleOfEight(Double(Int(Double(group.filters) * width)))
      for block in 0..<group.blocks {
        layers += invertedResidual(
          number: number, expansion: group.expansion, channels: channels, filters: filters,
          stride: block == 0 ? group.stride : 1, source: layers[layers.count - 1].name)
        channels = filters
        number += 1
      }
    }
    layers += [
      LayerDefinition(
        .pointwise, "Conv_1", channels: width > 1 ? multipleOfEight(1280 * width) : 1280,
        activation: .relu6, tensors: .normalized("Conv_1_bn")),
      LayerDefinition(.averagePooling, "global_average_pooling2d"),
      LayerDefinition(.dense, "predictions", channels: classes),
      LayerDefinition(.softmax, "predictions/softmax"),
    ]
    return NetworkDefinition(
      name: Model.mobileNetV2.rawValue, width: width,
      image: FeatureShape(height: resolution, width: resolution, channels: 3), classes: classes,
      layers: layers)
  }

  /// Expand, filter, project without an activation (the linear bottleneck); the block's input is
  /// added where the shapes allow it.
  private static func invertedResidual(
    number: Int, expansion: Int, channels: Int, filters: Int, stride: Int, source: String
  ) -> [LayerDefinition] {
    let prefix = number == 0 ? "expanded_conv" : "block_\(number)"
    let expand = LayerDefinition(
      .pointwise, "\(prefix)_expand", channels: expansion * channels, activation: .relu6,
      tensors: .normalized("\(prefix)_expand_BN"))
    // With a 3x3 window and stride 2, Keras's own padding is the same as `same` for any size.
    let depthwise = LayerDefinition(
      .depthwise, "\(prefix)_depthwise", kernel: 3, stride: stride, padding: .same,
      activation: .relu6, tensors: .normalized("\(prefix)_depthwise_BN"))
    let project = LayerDefinition(
      .pointwise, "\(prefix)_project", channels: filters,
      residual: stride == 1 && channels == filters ? source : nil,
      tensors: .normalized("\(prefix)_project_BN"))
    return (number == 0 ? [] : [expand]) + [depthwise, project]
  }

  /// The multiple of eight nearest to a channel count, at least eight, and never more than a tenth
  /// below it.
  private static func multipleOfEight(_ channels: Double) -> Int {
    let nearest = max(8, Int(channels + 4) / 8 * 8)
    return Double(nearest) < 0.9 * channels ? nearest + 8 : nearest
  }
}
