import DSKernels

/// Rows of a map, copied from the slice of the worker that computed them to that of one that reads them too.
struct RowCopy {
  var source: MapRows
  var target: MapRows
  var byteCount: Int
  /// Channel blocks.
  var planes: Int

  func run() {
    for plane in 0..<planes {
      (target.address + plane * target.planeBytes).copyMemory(
        from: source.address + plane * source.planeBytes, byteCount: byteCount)
    }
  }
}
