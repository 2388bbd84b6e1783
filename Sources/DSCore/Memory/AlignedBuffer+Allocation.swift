import Glibc

extension AlignedBuffer {
  /// Zeroed memory.
  ///
  /// - Throws: where the process may not have so much, or the system has none.
  public convenience init(byteCount: Int, alignment: Int = 64) throws(MemoryShortage) {
    precondition(byteCount >= 0, "buffer of \(byteCount) bytes")
    try MemoryAllowance.check(byteCount)
    var base: UnsafeMutableRawPointer?
    guard posix_memalign(&base, alignment, max(byteCount, 1)) == 0, let base else {
      throw MemoryShortage(byteCount: byteCount)
    }
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.init(base: base, byteCount: byteCount) { address, _ in free(address) }
  }

  /// Zeroed memory of a cache line or a few; where there is not even so much, the process ends.
  public convenience init(fewBytes byteCount: Int) {
    precondition((0...4096).contains(byteCount), "\(byteCount) bytes are not few")
    let base = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    self.init(base: base, byteCount: byteCount) { address, _ in address.deallocate() }
  }
}
