import DSCore

/// Pushes everything else out of the caches by walking a buffer twice as large as the last level.
///
/// Only the calling core's private caches and the shared ones are reached: run it on every core that
/// takes part in a measurement.
public final class CacheFlusher {
  private let buffer: AlignedBuffer
  private let lineBytes: Int

  /// - Throws: where there is no memory for the buffer.
  public init(lastLevelBytes: Int, lineBytes: Int = 64) throws(MemoryShortage) {
    precondition(
      lastLevelBytes >= 0 && lineBytes > 0, "\(lastLevelBytes) bytes, lines of \(lineBytes)")
    buffer = try AlignedBuffer(byteCount: 2 * max(lastLevelBytes, 1 << 20))
    self.lineBytes = lineBytes
  }

  public convenience init(machine: MachineDescription) throws(MemoryShortage) {
    let cache = machine.lastLevelCache
    try self.init(
      lastLevelBytes: cache?.byteCount ?? 64 << 20, lineBytes: max(cache?.lineBytes ?? 64, 1))
  }

  public var byteCount: Int { buffer.byteCount }

  /// Writes one byte of every line. Written lines displace others in exclusive caches too, where lines
  /// only read would never reach the last level.
  public func flush() {
    for offset in stride(from: 0, to: buffer.byteCount, by: lineBytes) {
      let value = buffer.base.load(fromByteOffset: offset, as: UInt8.self)
      buffer.base.storeBytes(of: value &+ 1, toByteOffset: offset, as: UInt8.self)
    }
  }
}
