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
  /// "On the approximation of curves by line segments using dynamic programming", 1961). Points on
  /// the slope between two plateaus may belong to neither, at a price.
  package init(_ curve: [RoofMeasurement.LatencyPoint], levels: Int) {
    let points = Self.risingOnly(curve)
    let logarithms = points.map { log($0.nanoseconds) }
    var count = max(0, min(levels + 1, points.count / Self.shortestPlateau))
    while count > 1 {
      let ranges = Self.split(logarithms, into: count)
      let medians = ranges.map { Self.median(points[$0].map(\.nanoseconds)) }
      if zip(medians, medians.dropFirst()).allSatisfy({ $1 >= Self.smallestStep * $0 }) {
        nanoseconds = medians
        capacities = zip(ranges.indices.dropLast(), ranges).map { index, range in
          Self.end(points[range.lowerBound...], low: medians[index], high: medians[index + 1])
        }
        return
      }
      count -= 1
    }
    nanoseconds = points.isEmpty ? [] : [Self.median(points.map(\.nanoseconds))]
    capacities = []
  }

  /// Points a plateau must have.
  private static let shortestPlateau = 3
  /// The factor between two plateaus, at least: the next level of every CPU is slower by more.
  private static let smallestStep = 1.7
  /// The price of a point on no plateau: as much as 14 % off the mean of one.
  private static let slopePrice = 0.02

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

  /// The `count` plateaus from the first value to the last with the least sum of squared
  /// deviations from their means and of the prices of the points between them.
  private static func split(_ values: [Double], into count: Int) -> [Range<Int>] {
    let sums = values.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1) }
    let squares = values.reduce(into: [0.0]) { $0.append($0[$0.count - 1] + $1 * $1) }
    func cost(_ start: Int, _ end: Int) -> Double {
      guard end - start >= shortestPlateau else { return .infinity }
      let sum = sums[end] - sums[start]
      return squares[end] - squares[start] - sum * sum / Double(end - start)
    }
    // before[end]: the least cost of all plateaus so far, the last of which ends at or before `end`.
    var before = [Double](repeating: .infinity, count: values.count + 1)
    before[0] = 0
    // plateaus[k][end]: the best plateau k among those that end at or before `end`.
    var plateaus: [[Range<Int>]] = []
    for _ in 0..<count {
      var costs = [Double](repeating: .infinity, count: values.count + 1)
      var best = [Range<Int>](repeating: 0..<0, count: values.count + 1)
      for end in 1...values.count {
        costs[end] = costs[end - 1] + slopePrice
        best[end] = best[end - 1]
        for start in 0..<end where before[start] + cost(start, end) < costs[end] {
          costs[end] = before[start] + cost(start, end)
          best[end] = start..<end
        }
      }
      before = costs
      plateaus.append(best)
    }
    var end = values.count
    return plateaus.reversed().map { best in
      defer { end = best[end].lowerBound }
      return best[end]
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
