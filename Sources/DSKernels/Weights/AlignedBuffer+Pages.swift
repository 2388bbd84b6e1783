import CSystem
import DSCore

extension AlignedBuffer {
  /// Zeroed pages straight from the system, huge ones where `huge` asks and the system grants them.
  ///
  /// - Returns: `nil` where there is not so much memory.
  public static func pages(byteCount: Int, huge: Bool) -> AlignedBuffer? {
    guard byteCount >= 0, let base = cs_map_pages(byteCount, huge ? 1 : 0) else { return nil }
    return AlignedBuffer(base: base, byteCount: byteCount) { address, bytes in
      cs_unmap_pages(address, bytes, huge ? 1 : 0)
    }
  }
}
