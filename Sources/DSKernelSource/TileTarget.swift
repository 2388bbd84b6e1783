/// Where a register tile's sums go, and what is added to them: the tile's first row in its panel's first channel block.
struct TileTarget {
  private(set) var output: UnsafeMutableRawPointer
  let outputPlaneBytes: Int
  private(set) var residual: UnsafeRawPointer?
  let residualPlaneBytes: Int

  @inline(always)
  init(_ job: PointwiseJob, firstRow: Int, block: Int) {
    let offset = firstRow * vectorBytes
    outputPlaneBytes = job.outputPlaneBytes
    residualPlaneBytes = job.residualPlaneBytes
    output = job.output + (block * outputPlaneBytes + offset)
    residual = job.residual.map { $0 + (block * job.residualPlaneBytes + offset) }
  }

  @inline(always)
  mutating func skip(rows: Int) {
    output += rows * vectorBytes
    residual = residual.map { $0 + rows * vectorBytes }
  }
}
