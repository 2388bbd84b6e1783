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
