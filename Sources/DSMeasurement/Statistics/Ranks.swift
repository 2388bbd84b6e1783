import Glibc

/// Ranks of a sample, from 1, with the mean rank for equal values.
package struct Ranks {
  package let values: [Double]
  /// Σ (t³ − t) over groups of t equal values; 0 where all differ.
  package let tieCorrection: Double

  package init(_ sample: [Double]) {
    let order = sample.indices.sorted { sample[$0] < sample[$1] }
    var ranks = [Double](repeating: 0, count: sample.count)
    var (correction, start) = (0.0, 0)
    while start < order.count {
      var end = start + 1
      while end < order.count, sample[order[end]] == sample[order[start]] { end += 1 }
      for index in order[start..<end] { ranks[index] = Double(start + end + 1) / 2 }
      let size = Double(end - start)
      correction += size * size * size - size
      start = end
    }
    values = ranks
    tieCorrection = correction
  }
}

/// How well one ranking predicts another, from −1 to 1 (Spearman, American Journal of Psychology 15,
/// 1904, doi:10.2307/1412159): how good a cost model orders candidates.
public struct RankCorrelation: Sendable, Equatable {
  public var coefficient: Double

  /// `nil` for fewer than two pairs, or where one side is constant.
  public init?(_ first: [Double], _ second: [Double]) {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    let (x, y) = (Ranks(first).values, Ranks(second).values)
    let mean = Double(x.count + 1) / 2
    func covariance(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
    }
    let scale = (covariance(x, x) * covariance(y, y)).squareRoot()
    guard scale > 0 else { return nil }
    coefficient = covariance(x, y) / scale
  }
}
