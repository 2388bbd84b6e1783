import DSCore

/// One of Xception's modules 2 to 14: separable convolutions with a shortcut around them.
private struct XceptionModule {
  enum Shortcut {
    /// A strided 1x1 convolution, added to the maximum pooling that ends the module.
    case convolution
    /// The module's input, added to its last convolution.
    case identity
    case none
  }

  var number: Int
  /// Output channels of its separable convolutions.
  var filters: [Int]
  var shortcut: Shortcut
  /// Whether the convolutions read `relu(input)`, while the shortcut reads the input itself.
  var activatesInput = true

  static let all: [XceptionModule] =
    [
      // The input of module 2 is activated already.
      XceptionModule(
        number: 2, filters: [128, 128], shortcut: .convolution, activatesInput: false),
      XceptionModule(number: 3, filters: [256, 256], shortcut: .convolution),
      XceptionModule(number: 4, filters: [728, 728], shortcut: .convolution),
    ]
    + (5...12).map { XceptionModule(number: $0, filters: [728, 728, 728], shortcut: .identity) }
    + [
      XceptionModule(number: 13, filters: [728, 1024], shortcut: .convolution),
      XceptionModule(number: 14, filters: [1536, 2048], shortcut: .none, activatesInput: false),
    ]

  /// - Parameter shortcuts: how many convolution shortcuts there were before, for Keras's names.
  func layers(source: String, shortcuts: Int) -> [LayerDefinition] {
    var layers: [LayerDefinition] = []
    let suffix = shortcuts == 0 ? "" : "_\(shortcuts)"
    if shortcut == .convolution {
      layers.append(
        LayerDefinition(
          .standard, "conv2d\(suffix)", input: source, kernel: 1, stride: 2, padding: .same,
          channels: filters[filters.count - 1],
          tensors: .normalized("batch_normalization\(suffix)")))
    }
    for (position, channels) in filters.enumerated() {
      let isLast = position == filters.count - 1
      layers += separable(
        "block\(number)_sepconv\(position + 1)", channels: channels,
        input: position == 0 ? source : nil,
        inputActivation: position == 0 && activatesInput ? .relu : .none,
        activation: isLast && shortcut != .none ? .none : .relu,
        residual: isLast && shortcut == .identity ? source : nil)
    }
    if shortcut == .convolution {
      layers.append(
        LayerDefinition(
          .maximumPooling, "block\(number)_pool", kernel: 3, stride: 2, padding: .same,
          residual: "conv2d\(suffix)"))
    }
    return layers
  }

  /// Nothing lies between the two halves, neither a batch normalisation nor an activation.
  private func separable(
    _ name: String, channels: Int, input: String?, inputActivation: Activation,
    activation: Activation, residual: String?
  ) -> [LayerDefinition] {
    [
      LayerDefinition(
        .depthwise, "\(name)/depthwise", input: input, kernel: 3, padding: .same,
        inputActivation: inputActivation,
        tensors: TensorNames(kernel: ["\(name)/depthwise_kernel"])),
      LayerDefinition(
        .pointwise, "\(name)/pointwise", channels: channels, activation: activation,
        residual: residual,
        tensors: TensorNames(
          kernel: ["\(name)/pointwise_kernel"], batchNormalization: "\(name)_bn")),
    ]
  }
}

extension NetworkDefinition {
  /// Xception (Chollet, arXiv:1610.02357, figure 5), with activations where Keras has them.
  static func xception(resolution: Int, classes: Int) -> NetworkDefinition {
    var layers = [
      LayerDefinition(
        .standard, "block1_conv1", kernel: 3, stride: 2, channels: 32, activation: .relu,
        tensors: .normalized("block1_conv1_bn")),
      LayerDefinition(
        .standard, "block1_conv2", kernel: 3, channels: 64, activation: .relu,
        tensors: .normalized("block1_conv2_bn")),
    ]
    var shortcuts = 0
    for module in XceptionModule.all {
      layers += module.layers(source: layers[layers.count - 1].name, shortcuts: shortcuts)
      if module.shortcut == .convolution { shortcuts += 1 }
    }
    layers += [
      LayerDefinition(.averagePooling, "avg_pool"),
      LayerDefinition(.dense, "predictions", channels: classes),
      LayerDefinition(.softmax, "predictions/softmax"),
    ]
    return NetworkDefinition(
      name: Model.xception.rawValue,
      image: FeatureShape(height: resolution, width: resolution, channels: 3), classes: classes,
      layers: layers)
  }
}
