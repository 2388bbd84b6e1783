import CSystem
import DSCore

extension AlignedBuffer {
  private static let hugePageByteCount = 2 << 20

  /// Zeroed pages straight from the system, huge ones where `huge` asks and the system grants them.
  ///
  /// - Throws: where the process may not have so much, or the system has none.
  public static func pages(byteCount: Int, huge: Bool) throws(MemoryShortage) -> AlignedBuffer {
    precondition(byteCount >= 0, "pages for \(byteCount) bytes")
    // Aligned by mapping a page more and giving both ends back.
    try MemoryAllowance.check(
      byteCount, mappedByteCount: huge ? byteCount + 2 * Self.hugePageByteCount : byteCount)
    guard let base = cs_map_pages(byteCount, huge ? 1 : 0) else {
      throw MemoryShortage(byteCount: byteCount)
    }
    return AlignedBuffer(base: base, byteCount: byteCount) { address, bytes in
      cs_unmap_pages(address, bytes, huge ? 1 : 0)
    }
  }
}
