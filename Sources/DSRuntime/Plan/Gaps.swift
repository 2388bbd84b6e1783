/// The free places between tensors that are needed at the same time; the last one has no end.
struct Gaps {
  private let free: [Range<Int>]

  init(between taken: [Range<Int>]) {
    var free: [Range<Int>] = []
    var end = 0
    for bytes in taken.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if bytes.lowerBound > end { free.append(end..<bytes.lowerBound) }
      end = max(end, (bytes.upperBound + 63) / 64 * 64)
    }
    self.free = free + [end..<Int.max]
  }

  /// The lowest multiple of `alignment` with room for `byteCount` bytes.
  func first(_ byteCount: Int, alignment: Int) -> Int {
    for gap in free {
      let offset = (gap.lowerBound + alignment - 1) / alignment * alignment
      if byteCount <= gap.upperBound - offset { return offset }
    }
    preconditionFailure("the last gap has no end")
  }

  func hold(_ byteCount: Int, at offset: Int) -> Bool {
    free.contains { $0.lowerBound <= offset && byteCount <= $0.upperBound - offset }
  }

  /// Where `byteCount` bytes have their middle closest to `middle`, the lower of two places.
  ///
  /// - Parameters:
  ///   - middle: a multiple of 64, as `byteCount` is.
  ///   - end: what the bytes may reach.
  /// - Returns: `nil` where there is no room before `end`.
  func closest(to middle: Int, _ byteCount: Int, end: Int) -> Int? {
    let wanted = middle - byteCount / 128 * 64
    return free.map { $0.clamped(to: 0..<max(0, end)) }.filter { $0.count >= byteCount }
      .map { min(max(wanted, $0.lowerBound), $0.upperBound - byteCount) }
      .min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
  }
}
