import DSCore
import Testing

@Suite("Balanced runs")
struct SplitTests {
  @Test("Parts cover everything once, and differ by at most one")
  func parts() {
    for total in 0...100 {
      for parts in 1...12 {
        let split = Split(total, parts: parts)
        let lengths = (0..<parts).map(split.length)
        #expect(lengths.reduce(0, +) == total)
        #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
        #expect(lengths == lengths.sorted(by: >), "the longer ones first")
        #expect((0..<parts).map(split.start) == sums(lengths))
      }
    }
  }

  /// A worker that has no share asks for its tiles all the same; a division by zero there was undefined in kernels.
  @Test("Nothing has no parts")
  func nothing() {
    for limit in 1...8 {
      let split = Split(0, atMost: limit)
      #expect(split.parts == 0 && split.start(0) == 0 && split.length(0) == 0)
    }
  }

  @Test("Panels cover all vectors once, in as few panels as the limit allows")
  func panels() {
    for vectors in 1...100 {
      for limit in 1...8 {
        let split = PanelSplit(vectors, atMost: limit)
        let lengths = (0..<split.parts).map(split.length)
        #expect(split.parts == (vectors + limit - 1) / limit)
        #expect(lengths.reduce(0, +) == vectors)
        #expect((lengths.max() ?? 0) <= limit)
        #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
        #expect((0..<split.parts).map(split.start) == sums(lengths))
      }
    }
  }

  /// What two workers get of an even number of panels never differs by more than one vector.
  @Test("Halves of the panels hold equally many vectors")
  func halves() {
    for vectors in 1...100 {
      for limit in 1...8 {
        let split = PanelSplit(vectors, atMost: limit)
        guard split.parts % 2 == 0 else { continue }
        let first = split.start(split.parts / 2)
        #expect(abs(vectors - 2 * first) <= 1, "\(vectors) vectors, at most \(limit)")
      }
    }
  }

  /// Where each run begins.
  private func sums(_ lengths: [Int]) -> [Int] {
    var sum = 0
    return lengths.map { length in
      defer { sum += length }
      return sum
    }
  }
}
