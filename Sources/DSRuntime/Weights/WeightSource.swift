import DSCore

/// Where a network's parameters come from: a file, or a seed.
public protocol WeightSource: Sendable {
  /// Names the source in errors: the file's path.
  var origin: String { get }

  /// What batch normalisation adds to the variance.
  var epsilon: Double { get }

  /// The tensor with the first of `names` that exists.
  ///
  /// - Throws: `WeightError` when there is none, when its shape is another, or when it holds a value
  ///   that is not finite.
  func tensor(
    named names: [String], shape: [Int], role: TensorRole
  ) throws(WeightError) -> TensorSlice
}

extension WeightSource {
  /// The kernel and bias of a convolution or dense layer, batch normalisation folded in.
  ///
  /// - Parameters:
  ///   - kernelNames: the kernel's name, then older names that are accepted too.
  ///   - kernelShape: `[kh, kw, in, out]`, depthwise `[kh, kw, C, 1]`, dense `[in, out]`.
  ///   - fanIn: products per output: `kh * kw * in`, depthwise `kh * kw`.
  ///   - biasName: the layer's own bias, where it has one.
  ///   - batchNormalization: what stands before `/gamma`, `/beta`, `/moving_mean` and
  ///     `/moving_variance`, where the layer is normalised.
  ///   - hasGamma: whether that normalisation has a scale; without one, gamma is 1 and not stored.
  public func foldedConvolution(
    kernelNames: [String], kernelShape: [Int], fanIn: Int, biasName: String? = nil,
    batchNormalization: String? = nil, hasGamma: Bool = true
  ) throws(WeightError) -> FoldedConvolution {
    precondition(
      fanIn > 0 && kernelShape.reduce(1, *) % fanIn == 0,
      "fan-in \(fanIn) of a kernel of shape \(kernelShape)")
    let channels = [kernelShape.reduce(1, *) / fanIn]
    let kernel = try tensor(
      named: kernelNames, shape: kernelShape,
      role: .kernel(fanIn: fanIn, normalised: batchNormalization != nil))
    do {
      try MemoryAllowance.check(kernel.count * MemoryLayout<Float>.size)
    } catch {
      throw .outOfMemory(path: origin, byteCount: error.byteCount)
    }
    var bias: TensorSlice?
    if let biasName { bias = try tensor(named: [biasName], shape: channels, role: .bias) }
    guard let batchNormalization else {
      return FoldedConvolution(kernel: kernel, bias: bias, channels: channels[0])
    }

    let statistics = try statistics(
      of: batchNormalization, channels: channels[0], hasGamma: hasGamma)
    if let index = statistics.firstInvalidVarianceIndex {
      throw .invalidVariance(
        name: batchNormalization + "/moving_variance", index: index, path: origin)
    }
    let folded = FoldedConvolution(kernel: kernel, bias: bias, normalization: statistics)
    guard folded.isFinite else {
      throw .foldingOverflows(
        kernel: kernelNames[0], batchNormalization: batchNormalization, path: origin)
    }
    return folded
  }

  private func statistics(
    of prefix: String, channels: Int, hasGamma: Bool
  ) throws(WeightError) -> BatchNormalization {
    func vector(_ name: String, _ role: TensorRole) throws(WeightError) -> TensorSlice {
      try tensor(named: ["\(prefix)/\(name)"], shape: [channels], role: role)
    }
    return BatchNormalization(
      gamma: hasGamma ? try vector("gamma", .gamma) : nil, beta: try vector("beta", .beta),
      mean: try vector("moving_mean", .mean), variance: try vector("moving_variance", .variance),
      epsilon: epsilon)
  }
}
