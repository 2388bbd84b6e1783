import DSCore

/// One layer as a network file states it: shapes are left to follow from the layers before.
public struct LayerDefinition: Sendable, Hashable {
  public var kind: Stage.Kind
  /// Unique in its network.
  public var name: String
  /// The layer it reads, or `LayerDefinition.image`; the layer before it if `nil`.
  public var input: String?
  /// `nil` for layers without a window, and for pooling over the whole image.
  public var kernel: KernelSize?
  public var stride: Int
  public var padding: PaddingRule
  /// Output channels of standard, pointwise and dense layers; the others keep their input's.
  public var channels: Int?
  public var inputActivation: Activation
  public var activation: Activation
  /// The layer whose output is added before the activation.
  public var residual: String?
  /// `nil` stands for a kernel `NAME/kernel` and a bias `NAME/bias`.
  public var tensors: TensorNames?

  /// What `input` says for the network's input; no layer may be called so.
  public static let image = "image"

  public init(
    _ kind: Stage.Kind, _ name: String, input: String? = nil, kernel: KernelSize? = nil,
    stride: Int = 1, padding: PaddingRule = .valid, channels: Int? = nil,
    inputActivation: Activation = .none, activation: Activation = .none, residual: String? = nil,
    tensors: TensorNames? = nil
  ) {
    self.kind = kind
    self.name = name
    self.input = input
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.channels = channels
    self.inputActivation = inputActivation
    self.activation = activation
    self.residual = residual
    self.tensors = tensors
  }
}

extension LayerDefinition {
  static let kernelRange = 1...4096
  static let strideRange = 1...1024
  static let paddingRange = 0...4095
  static let channelRange = 1...1 << 20

  /// What is wrong with the definition by itself, whatever its input; `nil` if nothing is.
  var defect: String? {
    if name.isEmpty || name == Self.image { return "a layer needs a name other than 'image'" }
    return windowDefect ?? channelDefect ?? plainDefect
  }

  private var hasWindow: Bool {
    switch kind {
    case .standard, .depthwise, .maximumPooling, .averagePooling: true
    case .pointwise, .dense, .softmax: false
    }
  }

  private var windowDefect: String? {
    guard let kernel, hasWindow else {
      if kernel != nil || stride != 1 || padding != .valid {
        return hasWindow
          ? "'stride' and 'padding' need a 'kernel'"
          : "a \(kind.rawValue) layer takes no 'kernel', 'stride' or 'padding'"
            + " (a strided 1x1 convolution is 'standard' with kernel 1)"
      }
      return kind == .standard || kind == .depthwise
        ? "a \(kind.rawValue) layer needs a 'kernel'" : nil
    }
    if ![kernel.height, kernel.width].allSatisfy(Self.kernelRange.contains) {
      return "kernel \(kernel.height)x\(kernel.width) is not within \(Self.kernelRange)"
    }
    if !Self.strideRange.contains(stride) {
      return "stride \(stride) is not within \(Self.strideRange)"
    }
    if case .explicit(let sides) = padding,
      ![sides.top, sides.bottom, sides.left, sides.right].allSatisfy(Self.paddingRange.contains)
    {
      return "padding must be within \(Self.paddingRange) on every side"
    }
    // Whether padded pixels count in the mean is where frameworks differ.
    return kind == .averagePooling && padding != .valid
      ? "average pooling takes no padding" : nil
  }

  private var channelDefect: String? {
    switch kind {
    case .standard, .pointwise, .dense:
      guard let channels else { return "a \(kind.rawValue) layer needs 'channels'" }
      return Self.channelRange.contains(channels)
        ? nil : "channels \(channels) is not within \(Self.channelRange)"
    case .depthwise, .maximumPooling, .averagePooling, .softmax:
      return channels == nil
        ? nil : "a \(kind.rawValue) layer keeps its input's channels: leave out 'channels'"
    }
  }

  private var plainDefect: String? {
    switch kind {
    case .standard, .depthwise, .pointwise, .dense:
      if let shape = tensors?.kernelShape, shape.contains(where: { $0 < 1 }) || shape.count > 8 {
        return "the stored shape \(shape) of its kernel is not possible"
      }
      return nil
    case .softmax where activation != .none || inputActivation != .none || residual != nil:
      return "a softmax layer takes no activation and no residual"
    case .maximumPooling, .averagePooling, .softmax:
      return tensors == nil ? nil : "a \(kind.rawValue) layer has no weights"
    }
  }
}

extension LayerDefinition {
  /// The tensors of this layer when it runs as `stage`.
  func parameters(of stage: Stage) -> LayerParameters? {
    guard stage.hasWeights else { return nil }
    let names = tensors ?? TensorNames(bias: "\(name)/bias")
    let usualNames =
      kind == .depthwise ? ["\(name)/kernel", "\(name)/depthwise_kernel"] : ["\(name)/kernel"]
    return LayerParameters(
      kernelNames: names.kernel.isEmpty ? usualNames : names.kernel,
      kernelShape: names.kernelShape ?? Self.usualKernelShape(stage), biasName: names.bias,
      batchNormalization: names.batchNormalization,
      hasGamma: names.batchNormalization != nil && names.hasGamma)
  }

  private static func usualKernelShape(_ stage: Stage) -> [Int] {
    let channels = [stage.input.channels, stage.outputChannels]
    return switch stage.kind {
    case .dense: channels
    case .depthwise: [stage.window.height, stage.window.width, stage.input.channels, 1]
    default: [stage.window.height, stage.window.width] + channels
    }
  }
}
