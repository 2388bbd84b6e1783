/// Memory for tensors and packed weights, aligned to a cache line (or more) and owned by one object.
///
/// Unchecked sendability: the buffer itself is immutable state (an address and a length); who may
/// write to its bytes when is decided by its owner.
public final class AlignedBuffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let byteCount: Int
  private let release: @Sendable (UnsafeMutableRawPointer, Int) -> Void

  /// Takes over memory that somebody else mapped; `release` gives it back.
  public init(
    base: UnsafeMutableRawPointer, byteCount: Int,
    release: @escaping @Sendable (UnsafeMutableRawPointer, Int) -> Void
  ) {
    self.base = base
    self.byteCount = byteCount
    self.release = release
  }

  /// A part of this buffer, which lives as long as the part does.
  public func slice(at offset: Int, byteCount: Int) -> AlignedBuffer {
    precondition(
      offset >= 0 && byteCount >= 0 && offset + byteCount <= self.byteCount,
      "bytes \(offset) to \(offset + byteCount) of \(self.byteCount)")
    return AlignedBuffer(base: base + offset, byteCount: byteCount) { [self] _, _ in
      withExtendedLifetime(self) {}
    }
  }

  deinit { release(base, byteCount) }
}
