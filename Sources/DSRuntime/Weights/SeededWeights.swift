import DSCore

/// Reproducible weights out of a seed, for benchmarks, tuning and tests: nothing has to be loaded,
/// and activations neither die nor explode on the way through any of the networks.
///
/// A value depends on the tensor's first name, the seed and the role alone, so that
/// `Scripts/weights/seeded.py` builds the same bits for Keras:
///
///     state = FNV-1a-64(UTF-8 of the name) XOR seed
///     u[i]  = SeededGenerator(seed: state), value i, in [-1, 1)
///     value = Float(centre + spread · u[i])             in Float64
///
/// Kernels are He-uniform (He et al. 2015, doi:10.1109/ICCV.2015.123). A kernel without batch
/// normalisation (a separable convolution's depthwise half, the classifier) has half the amplitude:
/// no ReLU behind it halves the power, and Xception's residual sums would double it every module.
public struct SeededWeights: WeightSource {
  public let seed: UInt64
  public var origin: String { "weights of seed \(seed)" }
  public var epsilon: Double { 1e-3 }

  public init(seed: UInt64 = 0) { self.seed = seed }

  public func tensor(
    named names: [String], shape: [Int], role: TensorRole
  ) throws(WeightError) -> TensorSlice {
    precondition(!names.isEmpty, "a tensor of shape \(shape) without a name")
    let (centre, spread) = role.centreAndSpread
    var generator = Self.generator(for: names[0], seed: seed)
    do {
      return try TensorSlice(shape: shape) { _ in
        Float(centre + spread * Double(generator.nextUnitFloat()))
      }
    } catch {
      throw .outOfMemory(path: origin, byteCount: error.byteCount)
    }
  }

  /// The same as below, where there is memory for it.
  package func checkedInput(shape: FeatureShape) throws(RuntimeError) -> [Float] {
    try MemoryNeed(byteCount: 4 * Double(shape.elementCount)).check()
    return input(shape: shape)
  }

  /// A preprocessed NHWC input in [-1, 1): the stream that belongs to the name "input".
  public func input(shape: FeatureShape) -> [Float] {
    var generator = Self.generator(for: "input", seed: seed)
    return (0..<shape.elementCount).map { _ in generator.nextUnitFloat() }
  }

  private static func generator(for name: String, seed: UInt64) -> SeededGenerator {
    SeededGenerator(seed: FNV1a.hash(name.utf8) ^ seed)
  }
}

extension TensorRole {
  /// Values are uniform in centre ± spread.
  fileprivate var centreAndSpread: (centre: Double, spread: Double) {
    switch self {
    case .kernel(let fanIn, let normalised):
      (0, ((normalised ? 6 : 1.5) / Double(fanIn)).squareRoot())
    case .bias, .beta, .mean: (0, 0.2)
    case .gamma: (1, 0.2)
    case .variance: (1, 0.5)
    }
  }
}
