import DSCore

/// Depthwise → pointwise → maximum pooling, fused by row strips: neither map between them is ever stored, the larger two
/// of Xception's reductions.
///
/// Parameters: p0 rows and p1 vectors of the pointwise register tile, p2 pooled rows in a strip, p3 columns of the
/// depthwise tile.
///
/// - Cost: the flops of the three stages, plus KH − stride rows of the first two for every further worker; scratch of
///   ((p2 − 1)·stride + KH)·W pixels of all input and all output channels a worker; the weights are read once for
///   every strip.
/// - Numerics: the same operations in the same order as the three stages alone: the same bits.
/// - Source: as `runSeparable`; the ring is that of `runRollingBlock`.
@inline(never)
public func runReduction(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  var job = ReductionJob(call, worker)
  var strips = RowStrips(
    call.pointee.third, stripRows: call.pointee.parameters.p2, worker, workers)
  while let strip = strips.next() { job.run(strip) }
}

/// One worker's strip of depthwise rows and ring of pointwise rows.
private struct ReductionJob {
  let call: UnsafePointer<KernelCall>
  let depthwise: StageCall
  let pooling: StageCall
  let strip: FusedStrip
  let product: FusedStrip
  var ring: RowRing

  @inline(always)
  init(_ call: UnsafePointer<KernelCall>, _ worker: Int) {
    self.call = call
    depthwise = call.pointee.first
    pooling = call.pointee.third
    ring = RowRing(pooling, stripRows: call.pointee.parameters.p2)
    let scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
    strip = FusedStrip(
      channels: depthwise.inputChannels, rows: ring.count, width: depthwise.outputWidth,
      base: scratch)
    product = FusedStrip(
      channels: pooling.inputChannels, rows: ring.count, width: pooling.inputWidth,
      base: scratch + strip.byteCount)
  }

  @inline(always)
  mutating func run(_ rows: RowStrips.Strip) {
    if rows.begins { ring.begin() }
    multiply(ring.missing(for: rows.rows, of: pooling), of: rows.image)
    for block in 0..<product.blocks {
      for row in rows.rows {
        PoolingRow(
          call, pooling, block: block, row: rows.image * pooling.outputHeight + row,
          input: UnsafeRawPointer(product.base + block * product.planeBytes), ringRows: ring.count
        ).pool(MaximumRule.self)
      }
    }
  }

  /// Fills the ring, in runs that do not wrap around its end.
  @inline(always)
  private func multiply(_ missing: Range<Int>, of image: Int) {
    let parameters = call.pointee.parameters
    let width = depthwise.outputWidth
    var row = missing.lowerBound
    while row < missing.upperBound {
      let rows = ring.unbroken(from: row, to: missing.upperBound)
      strip.convolve(
        depthwise, of: call, image: image, rows: row..<(row + rows), columns: parameters.p3)
      var job = PointwiseJob(
        call.pointee.second, input: UnsafeRawPointer(strip.base), inputPlaneBytes: strip.planeBytes)
      job.output = product.base + row % ring.count * width * vectorBytes
      job.outputPlaneBytes = product.planeBytes
      let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
      job.run(
        firstRow: 0, rowCount: rows * width, panels: 0..<panels.parts, panelSplit: panels,
        tileRows: parameters.p0, stripTiles: 0)
      row += rows
    }
  }
}
