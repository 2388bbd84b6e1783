/// Weights of a later step that a kernel fetches into the cache while it computes: a hint, never read.
public struct FollowingWeights {
  /// Where worker 0's part begins.
  public var address: UnsafeRawPointer
  /// Bytes of each worker's part.
  public var byteCount: Int
  /// From one worker's part to the next one's; 0 where all need the same.
  public var bytesBetweenWorkers: Int

  public init(address: UnsafeRawPointer, byteCount: Int, bytesBetweenWorkers: Int) {
    self.address = address
    self.byteCount = byteCount
    self.bytesBetweenWorkers = bytesBetweenWorkers
  }
}
