/// How many rows a kernel keeps in its scratch at a time: what the registry makes room for and the kernel uses, whatever more a
/// session has for the sake of other kernels.
///
/// Always inlined, for the same reason as `Split`.
public enum ScratchRows {
  /// Register tiles of a product's input that are activated before any is multiplied: half of an L2 of 512 KiB, one tile at least,
  /// and no more than `stripTiles` (0: any number).
  @inlinable @inline(always)
  public static func activatedTiles(of count: Int, tileBytes: Int, stripTiles: Int) -> Int {
    let room = max(1, (256 << 10) / tileBytes)
    return min(count, stripTiles == 0 ? room : min(room, stripTiles))
  }

  /// Output rows of a depthwise channel block to which a residual is added: half of an L1 of 32 KiB, one row at least.
  @inlinable @inline(always)
  public static func sums(of count: Int, rowBytes: Int) -> Int {
    min(count, max(1, (16 << 10) / rowBytes))
  }
}
