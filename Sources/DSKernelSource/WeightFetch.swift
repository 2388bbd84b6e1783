import CSystem

/// Weights that are needed soon, fetched a few cache lines at a time while a register tile computes.
///
/// A network's weights are larger than L2, so each layer would meet its own in L3 or memory: the first
/// tile of every panel would wait for them. A tile is bound by arithmetic and leaves the memory idle. The hint is the one for L1, which
/// holds no panel until it is used: with the one for L2 and beyond (`prefetcht1`) MobileNet v1 takes 1.01 to 1.03 of the time on one
/// thread and on two (Zen 5; most while neighbours take of the memory).
///
/// - Source: Lee, Kim and Vuduc, "When Prefetching Works, When It Doesn't, and Why", ACM TACO 9(1), 2012,
///   doi:10.1145/2133382.2133384.
struct WeightFetch {
  private var address: UnsafeRawPointer?
  private var remainingLines = 0
  private var linesPerStep = 0

  @inline(always)
  init() {}

  /// - Parameter steps: calls of `step` that the bytes are spread over.
  @inline(always)
  init(address: UnsafeRawPointer, byteCount: Int, steps: Int) {
    self.address = address
    remainingLines = (byteCount + 63) / 64
    linesPerStep = (remainingLines + steps - 1) / max(steps, 1)
  }

  @inline(always)
  mutating func step() {
    if remainingLines == 0 { return }
    var lines = min(linesPerStep, remainingLines)
    remainingLines -= lines
    while lines > 0, let line = address {
      cs_fetch(line)
      address = line + 64
      lines -= 1
    }
  }
}
