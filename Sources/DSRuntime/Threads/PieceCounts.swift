/// For each worker's share of some steps, how many of its pieces were taken (`KernelCall.nextPiece`), on cache lines of
/// their own.
///
/// Until a worker begins its share it counts as taken, and at the end it is.
final class PieceCounts: @unchecked Sendable {
  private let base: UnsafeMutablePointer<UInt32>
  private let places: [Int: Int]
  private let workers: Int
  private static let wordsApart = 32
  /// Far more than a share has pieces, and far from an overflow by those who look for one.
  private static let allTaken: UInt32 = 1 << 31

  init(steps: Set<Int>, workers: Int) {
    self.workers = workers
    places = Dictionary(uniqueKeysWithValues: steps.sorted().enumerated().map { ($1, $0) })
    let count = max(1, steps.count * workers * Self.wordsApart)
    base = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 128)
      .bindMemory(to: UInt32.self, capacity: count)
    base.initialize(repeating: Self.allTaken, count: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  func next(step: Int, _ worker: Int) -> UnsafeMutablePointer<UInt32> {
    guard let place = places[step] else { preconditionFailure("step \(step) is not shared") }
    return base + (place * workers + worker) * Self.wordsApart
  }
}
