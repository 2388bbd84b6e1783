import DSCore

/// The order of candidates in a round: rows of a shuffled cyclic Latin square, drawn at random.
///
/// In as many rounds as there are candidates each of them is once at every place, so nobody profits from
/// a warm start or suffers from a slow neighbour more than the others; then the square is drawn anew.
package struct RoundOrder {
  private var generator: SeededGenerator
  private var base: [Int] = []
  private var shifts: [Int] = []

  package init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  package mutating func next(_ candidates: [Int]) -> [Int] {
    if shifts.isEmpty || candidates.count != base.count {
      base = candidates.shuffled(using: &generator)
      shifts = base.indices.shuffled(using: &generator)
    }
    let shift = shifts.popLast() ?? 0
    return Array(base[shift...] + base[..<shift])
  }
}
