/// Where rows of a feature map lie in memory.
public struct MapRows {
  /// Of the first of the rows in the first channel block.
  public var address: UnsafeMutableRawPointer
  /// From one channel block to the next.
  public var planeBytes: Int

  public init(address: UnsafeMutableRawPointer, planeBytes: Int) {
    self.address = address
    self.planeBytes = planeBytes
  }
}
