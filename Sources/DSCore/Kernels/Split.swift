/// `total` items in `parts` runs whose lengths differ by at most one, the longer ones first.
///
/// Balanced parts beat equal ones with a remainder: 49 rows in tiles of at most 6 are four of 6 and
/// five of 5, never eight of 6 and a 1 that runs at a sixth of the rate.
///
/// Always inlined: kernels of every instruction set use it, and a shared out-of-line copy could be
/// compiled for the wrong one.
@frozen
public struct Split: Hashable, Sendable {
  public let parts: Int
  /// The length of the shorter parts.
  public let short: Int
  /// How many parts are one longer than `short`.
  public let longCount: Int

  @inlinable @inline(always)
  public init(_ total: Int, parts: Int) {
    self.parts = parts
    // No part of nothing: kernels ask for it before they see that they have no share.
    let divisor = parts == 0 ? 1 : parts
    short = total / divisor
    longCount = total % divisor
  }

  /// As few parts as possible with no part longer than `limit`; none of nothing.
  @inlinable @inline(always)
  public init(_ total: Int, atMost limit: Int) {
    self.init(total, parts: (total + limit - 1) / limit)
  }

  @inlinable @inline(always)
  public func start(_ part: Int) -> Int {
    part * short + (part < longCount ? part : longCount)
  }

  @inlinable @inline(always)
  public func length(_ part: Int) -> Int { part < longCount ? short + 1 : short }
}
