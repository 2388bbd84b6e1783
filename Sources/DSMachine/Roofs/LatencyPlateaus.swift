import Glibc

/// The flat parts of a latency curve, one a cache level and one for memory.
package struct LatencyPlateaus: Hashable {
  /// Latency of each plateau, in nanoseconds, the first level first.
  package var nanoseconds: [Double]
  /// The working set where each plateau but the last ends.
  package var capacities: [Int]

  /// The best fit of at most `levels` + 1 plateaus; fewer where neighbours would hardly differ.
  ///
  /// Least squares over the logarithm of the latency, exactly by dynamic programming (Bellman,
  /// "On the approximation of curves by line segments using dynamic programming", 1961).
  package init(_ curve: [RoofMeasurement.LatencyPoint], levels: Int) {
    let points = Self.risingOnly(curve)
    var count = max(0, min(levels + 1, points.count / Self.shortestPlateau))
    while count > 1 {
      let ranges = Self.split(points.map { log($0.nanoseconds) }, into: count)
      let medians = ranges.map { Self.median(points[$0].map(\.nanoseconds)) }
      if zip(medians, medians.dropFirst()).allSatisfy({ $1 >= Self.smallestStep * $0 }) {
        nanoseconds = medians
        capacities = (0..<count - 1).map { index in
          Self.end(
            points[ranges[index].lowerBound...], low: medians[index], high: medians[index + 1])
        }
        return
      }
      count -= 1
    }
    nanoseconds = points.isEmpty ? [] : [Self.median(points.map(\.nanoseconds))]
    capacities = []
  }

  /// Points a plateau must have, and the factor between two: the next level of any CPU is at least
  /// half as slow again.
  private static let shortestPlateau = 2
  private static let smallestStep = 1.5

  /// A larger working set is never faster: what is above all later points was disturbed.
  private static func risingOnly(
    _ curve: [RoofMeasurement.LatencyPoint]
  ) -> [RoofMeasurement.LatencyPoint] {
    var points = curve.filter { $0.nanoseconds > 0 && $0.nanoseconds.isFinite }
    for index in points.indices.dropLast().reversed() {
      points[index].nanoseconds = min(points[index].nanoseconds, points[index + 1].nanoseconds)
    }
    return points
  }

  /// The cut into `count` ranges with the least sum of squared deviations from each range's mean.
  private static func split(_ values: [Double], into count: Int) -> [Range<Int>] {
    var sums = [0.0]
    var squares = [0.0]
    for value in values {
      sums.append(sums[sums.count - 1] + value)
      squares.append(squares[squares.count - 1] + value * value)
    }
    func cost(_ range: Range<Int>) -> Double {
      guard range.count >= shortestPlateau else { return .infinity }
      let sum = sums[range.upperBound] - sums[range.lowerBound]
      return squares[range.upperBound] - squares[range.lowerBound] - sum * sum / Double(range.count)
    }
    // costs[end] and starts[part][end]: the best way to cut values[..<end] into part + 1 ranges.
    var costs = (0...values.count).map { cost(0..<$0) }
    var starts = [[Int](repeating: 0, count: values.count + 1)]
    for _ in 1..<count {
      let best = (0...values.count).map { end in
        (0...end).map { (costs[$0] + cost($0..<end), $0) }.min { $0.0 < $1.0 } ?? (.infinity, 0)
      }
      costs = best.map(\.0)
      starts.append(best.map(\.1))
    }
    var end = values.count
    return starts.reversed().map { start in
      defer { end = start[end] }
      return start[end]..<end
    }.reversed()
  }

  /// The last working set of which at least three loads in four hit the faster level.
  private static func end(
    _ points: ArraySlice<RoofMeasurement.LatencyPoint>, low: Double, high: Double
  ) -> Int {
    let limit = low + (high - low) / 4
    let inside = points.prefix { $0.nanoseconds <= limit }
    return (inside.last ?? points.first)?.byteCount ?? 0
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
