import CSystem
import DSCore

/// Memory that ends directly at an inaccessible page (or begins directly after one), so that a kernel
/// that reads or writes past its buffer is caught at once.
public final class GuardedBuffer {
  public enum Side: CaseIterable, Sendable {
    case start
    case end
  }

  public let base: UnsafeMutableRawPointer
  public let byteCount: Int
  private let mapping: UnsafeMutableRawPointer

  /// - Parameters:
  ///   - side: which end touches its guard page.
  ///   - alignment: of `base` where the end touches; a power of two, 64 at most.
  public init(byteCount: Int, side: Side, alignment: Int = 64) {
    self.byteCount = byteCount
    guard let mapping = cs_map_guarded(byteCount) else {
      preconditionFailure("no memory for a guarded buffer of \(byteCount) bytes")
    }
    self.mapping = mapping
    let pages = (max(byteCount, 1) + 4095) / 4096 * 4096
    let used = (byteCount + alignment - 1) / alignment * alignment
    base = side == .start ? mapping : mapping + (pages - used)
  }

  deinit { cs_unmap_guarded(mapping, byteCount) }

  /// Fills with NaN, so that whatever is read before it is written shows.
  public func poison() {
    for offset in stride(from: 0, to: byteCount / 4 * 4, by: 4) {
      base.storeBytes(of: Float.nan, toByteOffset: offset, as: Float.self)
    }
  }

  public func floats() -> [Float] {
    (0..<byteCount / 4).map { base.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
  }
}
