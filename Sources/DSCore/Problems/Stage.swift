/// One arithmetic step of a network with everything that is fused into its epilogue.
///
/// `output = clamp(bias + Σ input' · weights + residual)` for the convolutions, where
/// `input'` is the input after `inputActivation`. A problem is one stage, or several fused ones.
public struct Stage: Hashable, Sendable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case standard
    case depthwise
    case pointwise
    case dense
    case maximumPooling = "maxpool"
    case averagePooling = "avgpool"
    case softmax
  }

  public var kind: Kind
  public var input: FeatureShape
  public var window: Window
  public var outputChannels: Int
  /// Applied to every input element as it is read (Xception's pre-activations).
  public var inputActivation: Activation
  public var activation: Activation
  /// Whether a tensor of the output's shape is added before the activation.
  public var addsResidual: Bool
  /// Whether the input is an image as the caller gives it: NHWC, not in channel blocks.
  public var readsImage: Bool

  public init(
    _ kind: Kind, input: FeatureShape, window: Window = .point, outputChannels: Int? = nil,
    inputActivation: Activation = .none, activation: Activation = .none,
    addsResidual: Bool = false, readsImage: Bool = false
  ) {
    self.kind = kind
    self.input = input
    self.window = window
    self.outputChannels = outputChannels ?? input.channels
    self.inputActivation = inputActivation
    self.activation = activation
    self.addsResidual = addsResidual
    self.readsImage = readsImage
  }
}

extension Stage {
  public var output: FeatureShape {
    FeatureShape(
      batch: input.batch, height: window.outputHeight(input.height),
      width: window.outputWidth(input.width), channels: outputChannels)
  }

  public var hasWeights: Bool {
    switch kind {
    case .standard, .depthwise, .pointwise, .dense: true
    case .maximumPooling, .averagePooling, .softmax: false
    }
  }

  /// How many products make one output: the K of the matrix product.
  public var reductionLength: Int {
    switch kind {
    case .standard, .pointwise, .dense: window.tapCount * input.channels
    case .depthwise, .averagePooling, .maximumPooling: window.tapCount
    case .softmax: 0
    }
  }

  /// Whether one window is the whole image, each image's: global pooling.
  package var poolsWholeImage: Bool {
    (kind == .maximumPooling || kind == .averagePooling) && window.padding == .none
      && window.height == input.height && window.width == input.width
  }

  /// Whether the rows of a window are added up apart and then their sums. One sum of more pixels than other windows have
  /// would lose digits: of 65 536 times 0.1 it is off by 0.06 %, of a million times by 1 %.
  package var addsByRow: Bool { poolsWholeImage && window.tapCount > Window.mostTaps }

  /// How many numbers one output is made of that are added up one after another.
  package var longestSum: Int { addsByRow ? window.height + window.width : reductionLength }

  /// Multiply-adds as the papers count them: padding included, bias and pooling not.
  public var multiplyAdds: Int { hasWeights ? output.elementCount * reductionLength : 0 }

  /// Kernel weights, without bias.
  public var weightCount: Int { hasWeights ? outputChannels * reductionLength : 0 }

  /// Input, weights, bias, residual and output, each once: the bytes that must move at least.
  public func compulsoryBytes(_ type: ElementType) -> Int {
    let tensors =
      input.elementCount + output.elementCount * (addsResidual ? 2 : 1) + weightCount
    return tensors * type.byteCount + (hasWeights ? outputChannels * 4 : 0)
  }
}

extension Stage {
  /// Why no kernel can run this stage, or `nil` for a well-formed one.
  package var defect: String? {
    let extents = [input.batch, input.height, input.width, input.channels, outputChannels]
    let padding = window.padding
    let pads = [padding.top, padding.bottom, padding.left, padding.right]
    if extents.contains(where: { $0 < 1 || $0 > 1 << 20 }) {
      return "every extent must be between 1 and 1048576, got \(input)->\(outputChannels)"
    }
    if Self.exceeds(33, [input.batch, input.height, input.width, input.channels]) {
      return "the input \(input) has more than 2^33 elements"
    }
    if let defect = windowDefect { return defect }
    if pads.contains(where: { $0 < 0 }) || max(padding.top, padding.bottom) >= window.height
      || max(padding.left, padding.right) >= window.width
    {
      return "padding must be at least 0 and smaller than the window"
    }
    if input.height + padding.top + padding.bottom < window.height
      || input.width + padding.left + padding.right < window.width
    {
      return "the window \(window.height)x\(window.width) is larger than the padded input \(input)"
    }
    return sizeDefect ?? kindDefect
  }

  private var windowDefect: String? {
    if window.height < 1 || window.width < 1 || window.stride < 1 {
      return "the window \(window.height)x\(window.width) s\(window.stride) is not possible"
    }
    if window.stride > Window.longestStride {
      return "the stride \(window.stride) is above \(Window.longestStride)"
    }
    let mostTaps = Window.mostTaps
    guard !poolsWholeImage, window.height > mostTaps / window.width else { return nil }
    return "the window \(window.height)x\(window.width) has more than \(mostTaps) pixels, which "
      + "only a pooling of the whole image may have"
  }

  /// Keeps every count of elements, bytes and multiply-adds, and sums of them, within an `Int`.
  private var sizeDefect: String? {
    let outputExtents = [
      input.batch, window.outputHeight(input.height), window.outputWidth(input.width),
      outputChannels,
    ]
    if Self.exceeds(33, outputExtents) { return "the output has more than 2^33 elements" }
    let isReduction = hasWeights && kind != .depthwise
    if Self.exceeds(48, outputExtents + [window.tapCount, isReduction ? input.channels : 1]) {
      return "it needs more than 2^48 multiply-adds"
    }
    return nil
  }

  /// Whether the product of positive factors is above 2^bits, or no `Int` at all.
  private static func exceeds(_ bits: Int, _ factors: [Int]) -> Bool {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      if overflow || next > 1 << bits { return true }
      product = next
    }
    return false
  }

  private var kindDefect: String? {
    if readsImage && kind != .standard { return "only a standard convolution reads an image" }
    switch kind {
    case .pointwise where window != .point:
      return "a pointwise window is 1x1 with stride 1 (a strided one is standard 1x1)"
    case .dense where window != .point || input.height * input.width != 1,
      .softmax where window != .point || input.height * input.width != 1:
      return "\(kind.rawValue) takes one vector an image, got \(input)"
    case .depthwise, .maximumPooling, .averagePooling, .softmax:
      return outputChannels == input.channels
        ? nil : "\(kind.rawValue) keeps the channel count, got \(input)->\(outputChannels)"
    default:
      return nil
    }
  }
}
