/// The weights of a convolution or dense layer with batch normalisation folded in, ready to pack.
///
/// Folding is exact algebra done in Float64 and rounded once:
/// `γ·(W∗x + b − μ)/σ + β  =  (γ/σ·W)∗x + (γ/σ·b + β − γ/σ·μ)`.
public struct FoldedConvolution: Sendable {
  /// Output channels innermost: `[kh][kw][in][out]`, depthwise `[kh][kw][C]`, dense `[in][out]`.
  public let weights: [Float]
  /// One value per output channel, zeros where the layer has none.
  public let bias: [Float]

  /// A layer that no batch normalisation follows.
  public init(kernel: TensorSlice, bias: TensorSlice?, channels: Int) {
    weights = kernel.withValues(Array.init)
    self.bias = bias?.withValues(Array.init) ?? [Float](repeating: 0, count: channels)
    checkCounts()
  }

  /// A layer and the batch normalisation after it.
  public init(kernel: TensorSlice, bias: TensorSlice?, normalization: BatchNormalization) {
    let (scale, shift) = normalization.affine()
    weights = kernel.withValues { kernel in
      precondition(
        kernel.count % scale.count == 0, "\(kernel.count) weights for \(scale.count) channels")
      return Array(unsafeUninitializedCapacity: kernel.count) { folded, count in
        for row in stride(from: 0, to: kernel.count, by: scale.count) {
          for channel in scale.indices {
            folded[row + channel] = Float(Double(kernel[row + channel]) * scale[channel])
          }
        }
        count = kernel.count
      }
    }
    self.bias =
      bias?.withValues { bias in
        precondition(bias.count == scale.count, "\(bias.count) biases for \(scale.count) channels")
        return scale.indices.map { Float(Double(bias[$0]) * scale[$0] + shift[$0]) }
      } ?? shift.map { Float($0) }
    checkCounts()
  }

  private func checkCounts() {
    precondition(
      !bias.isEmpty && weights.count % bias.count == 0,
      "\(weights.count) weights for \(bias.count) channels")
  }

  /// Whether folding stayed inside Float32's range.
  var isFinite: Bool {
    let largest = weights.reduce(0) { max($0, $1.bitPattern & 0x7fff_ffff) }
    return largest < Float.infinity.bitPattern && bias.allSatisfy(\.isFinite)
  }
}
