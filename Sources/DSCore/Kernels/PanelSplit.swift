/// Vectors of output channels in panels whose lengths differ by at most one, long and short ones mixed evenly.
///
/// Workers share a product's panels in contiguous runs. With the longer panels first, as in `Split`, ten vectors in
/// panels of 3, 3, 2 and 2 gave two workers 6 and 4; mixed as 2, 3, 2, 3 they get 5 and 5.
///
/// Always inlined, for the same reason as `Split`.
@frozen
public struct PanelSplit: Hashable, Sendable {
  public let vectors: Int
  public let parts: Int

  /// As few panels as possible with none of more than `limit` vectors.
  @inlinable @inline(always)
  public init(_ vectors: Int, atMost limit: Int) {
    self.vectors = vectors
    parts = (vectors + limit - 1) / limit
  }

  /// The first vector of panel `panel`; of panel `parts`, the end.
  @inlinable @inline(always)
  public func start(_ panel: Int) -> Int { panel * vectors / parts }

  @inlinable @inline(always)
  public func length(_ panel: Int) -> Int { start(panel + 1) - start(panel) }
}
