/// The statistics and parameters of one batch normalisation, a value per channel:
/// `y = gamma · (x − mean) / √(variance + epsilon) + beta`.
public struct BatchNormalization: Sendable {
  /// `nil` where the normalisation has no scale.
  public let gamma: TensorSlice?
  public let beta: TensorSlice
  public let mean: TensorSlice
  public let variance: TensorSlice
  public let epsilon: Double

  public init(
    gamma: TensorSlice?, beta: TensorSlice, mean: TensorSlice, variance: TensorSlice,
    epsilon: Double
  ) {
    precondition(
      [mean, variance, gamma ?? beta].allSatisfy { $0.count == beta.count },
      "batch normalisation of \(gamma?.count ?? beta.count), \(beta.count), \(mean.count) and \(variance.count)"
    )
    self.gamma = gamma
    self.beta = beta
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }

  /// `y = scale · x + shift`, the same in two numbers a channel.
  func affine() -> (scale: [Double], shift: [Double]) {
    func doubles(_ slice: TensorSlice) -> [Double] { slice.withValues { $0.map(Double.init) } }
    let deviation = doubles(variance).map { ($0 + epsilon).squareRoot() }
    let gamma = gamma.map(doubles) ?? [Double](repeating: 1, count: deviation.count)
    let scale = zip(gamma, deviation).map { $0 / $1 }
    let shift = zip(doubles(beta), zip(doubles(mean), scale)).map { $0 - $1.0 * $1.1 }
    return (scale, shift)
  }

  /// The first channel whose standard deviation is no positive number.
  var firstInvalidVarianceIndex: Int? {
    variance.withValues { values in
      values.firstIndex { !($0 >= 0 && Double($0) + epsilon > 0) }
    }
  }
}
