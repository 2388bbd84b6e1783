import Glibc

/// Whether values of one sample tend to be greater than those of another, for samples that were not
/// taken in pairs: two saved result files (Mann and Whitney, Annals of Mathematical Statistics 18, 1947,
/// doi:10.1214/aoms/1177730491).
public struct MannWhitneyTest: Sendable, Equatable {
  /// U of the first sample: in how many pairs its value is the greater, ties counted half.
  public var statistic: Double
  /// Two-sided.
  public var pValue: Double
  /// Whether the p-value is exact, or from the normal approximation with tie and continuity corrections.
  public var isExact: Bool

  /// - Precondition: Neither sample is empty.
  public init(_ first: [Double], _ second: [Double]) {
    let (m, n) = (first.count, second.count)
    precondition(m > 0 && n > 0, "samples of \(m) and \(n)")
    let ranks = Ranks(first + second)
    statistic = ranks.values.prefix(m).reduce(0, +) - Double(m * (m + 1)) / 2
    let greater = max(statistic, Double(m * n) - statistic)
    isExact = min(m, n) <= 8 && max(m, n) <= 64 && ranks.tieCorrection == 0
    let upperTail =
      isExact
      ? Self.exactUpperTail(greater, m, n)
      : Self.normalUpperTail(greater, m, n, tieCorrection: ranks.tieCorrection)
    pValue = min(1, 2 * upperTail)
  }

  /// P(U ≥ u) by the recursion over which sample the greatest value belongs to.
  private static func exactUpperTail(_ u: Double, _ m: Int, _ n: Int) -> Double {
    // distribution[j][u]: probability of U = u for samples of i and j values.
    var distribution = [[Double]](repeating: [1], count: n + 1)
    for i in 1...m {
      var next: [[Double]] = [[1]]
      for j in 1...n {
        var probabilities = [Double](repeating: 0, count: i * j + 1)
        let (fromFirst, fromSecond) = (Double(i) / Double(i + j), Double(j) / Double(i + j))
        for (value, probability) in distribution[j].enumerated() {
          probabilities[value + j] += fromFirst * probability
        }
        for (value, probability) in next[j - 1].enumerated() {
          probabilities[value] += fromSecond * probability
        }
        next.append(probabilities)
      }
      distribution = next
    }
    return distribution[n][Int(u)...].reduce(0, +)
  }

  private static func normalUpperTail(
    _ u: Double, _ m: Int, _ n: Int, tieCorrection: Double
  ) -> Double {
    let (pairs, total) = (Double(m * n), Double(m + n))
    let variance = pairs / 12 * (total + 1 - tieCorrection / (total * (total - 1)))
    // All values equal: nothing speaks for a difference.
    guard variance > 0 else { return 0.5 }
    return erfc((u - pairs / 2 - 0.5) / (2 * variance).squareRoot()) / 2
  }
}
