/// How many pieces of each of some workers' shares were taken (`KernelCall.nextPiece`), on cache lines of their own.
///
/// Until a worker begins its share it counts as taken, and at the end it is.
final class PieceCounts: @unchecked Sendable {
  private let base: UnsafeMutablePointer<UInt32>
  private let count: Int
  private static let wordsApart = 32
  /// Far more than a share has pieces, and far from an overflow by those who look for one.
  private static let allTaken: UInt32 = 1 << 31

  init(shares: Int) {
    count = shares * Self.wordsApart
    base = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 128)
      .bindMemory(to: UInt32.self, capacity: count)
    base.initialize(repeating: Self.allTaken, count: count)
  }

  /// As they were in the beginning, in a child of `fork`.
  func restart() { base.update(repeating: Self.allTaken, count: count) }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  subscript(share: Int) -> UnsafeMutablePointer<UInt32> { base + share * Self.wordsApart }
}
