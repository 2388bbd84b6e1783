import DSCore

extension NetworkDefinition {
  /// Output channels at width 1 and stride of the thirteen depthwise separable blocks.
  private static let mobileNetV1Blocks: [(filters: Int, stride: Int)] = [
    (64, 1),
    (128, 2), (128, 1),
    (256, 2), (256, 1),
    (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1),
    (1024, 2), (1024, 1),
  ]

  /// MobileNet v1 (Howard et al., arXiv:1704.04861, table 1), padded as Keras pads it.
  static func mobileNetV1(width: Double, resolution: Int, classes: Int) -> NetworkDefinition {
    func scaled(_ filters: Int) -> Int { Int(Double(filters) * width) }
    var layers = [
      LayerDefinition(
        .standard, "conv1", kernel: 3, stride: 2, padding: .same, channels: scaled(32),
        activation: .relu6, tensors: .normalized("conv1_bn"))
    ]
    for (number, block) in zip(1..., mobileNetV1Blocks) {
      // Strided layers are padded at the bottom and on the right, whatever the size.
      let padding = PaddingRule.explicit(Padding(before: 0, after: 1))
      layers += [
        LayerDefinition(
          .depthwise, "conv_dw_\(number)", kernel: 3, stride: block.stride,
          padding: block.stride == 1 ? .same : padding, activation: .relu6,
          tensors: .normalized("conv_dw_\(number)_bn")),
        LayerDefinition(
          .pointwise, "conv_pw_\(number)", channels: scaled(block.filters), activation: .relu6,
          tensors: .normalized("conv_pw_\(number)_bn")),
      ]
    }
    layers += [
      LayerDefinition(.averagePooling, "global_average_pooling2d"),
      LayerDefinition(
        .dense, "conv_preds", channels: classes,
        tensors: TensorNames(
          kernelShape: [1, 1, scaled(1024), classes], bias: "conv_preds/bias")),
      LayerDefinition(.softmax, "predictions"),
    ]
    return NetworkDefinition(
      name: Model.mobileNetV1.rawValue, width: width,
      image: FeatureShape(height: resolution, width: resolution, channels: 3), classes: classes,
      layers: layers)
  }
}
