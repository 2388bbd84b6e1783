import DSCore

/// Three stages fused by row strips: pointwise → depthwise → pointwise (MobileNet v2's block), or image →
/// depthwise → pointwise (how both MobileNets begin). The first stage's rows roll through a ring, so
/// that none is computed twice by one worker.
///
/// Parameters: p0 rows and p1 vectors of the pointwise register tiles, p2 output rows in a strip, p3
/// columns of the depthwise tile, p4 columns of the image tile.
///
/// - Cost: the flops of the three stages, plus KH − stride rows of the first for every further worker;
///   scratch of ((p2 − 1)·stride + KH)·W + p2·W' pixels of all inner channels a worker.
/// - Numerics: the same operations in the same order as the three stages alone: the same bits.
/// - Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018,
///   doi:10.1109/CVPR.2018.00474, section 5.1 (the expanded tensor need not exist at once).
@inline(never)
public func runRollingBlock(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let depthwise = call.pointee.second
  let height = depthwise.outputHeight
  let share = Split(depthwise.batch * height, parts: workers)
  var block = RollingBlockJob(call, worker)
  var position = share.start(worker)
  let end = position + share.length(worker)
  while position < end {
    let image = position / height
    let row = position % height
    let rows = min(block.stripRows, min(height - row, end - position))
    if row == 0 || position == share.start(worker) { block.begin(image: image) }
    block.run(row: row, rows: rows)
    position += rows
  }
}

/// One worker's ring of the first stage's rows and strip of depthwise results.
private struct RollingBlockJob {
  let call: UnsafePointer<KernelCall>
  let first: StageCall
  let depthwise: StageCall
  let ring: FusedStrip
  let strip: FusedStrip
  /// A copy of the few image rows under a tile that hangs over the edge.
  let edge: UnsafeMutableRawPointer
  let ringRows: Int
  let stripRows: Int
  var image = 0
  /// The rows that the ring holds end here.
  var ringEnd = 0

  @inline(always)
  init(_ call: UnsafePointer<KernelCall>, _ worker: Int) {
    self.call = call
    first = call.pointee.first
    depthwise = call.pointee.second
    stripRows = call.pointee.parameters.p2
    ringRows = (stripRows - 1) * depthwise.stride + depthwise.windowHeight
    let scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
    ring = FusedStrip(
      channels: depthwise.inputChannels, rows: ringRows, width: depthwise.inputWidth, base: scratch)
    strip = FusedStrip(
      channels: depthwise.inputChannels, rows: stripRows, width: depthwise.outputWidth,
      base: scratch + ring.byteCount)
    edge = scratch + (ring.byteCount + strip.byteCount)
  }

  @inline(always)
  mutating func begin(image: Int) {
    self.image = image
    ringEnd = 0
  }

  @inline(always)
  mutating func run(row: Int, rows: Int) {
    let first = max(0, row * depthwise.stride - depthwise.paddingTop)
    let last = (row + rows - 1) * depthwise.stride - depthwise.paddingTop + depthwise.windowHeight
    let missing = max(first, ringEnd)..<max(first, ringEnd, min(depthwise.inputHeight, last))
    if self.first.readsImage { convolveImage(missing) } else { expand(missing) }
    ringEnd = missing.upperBound
    convolveRows(row..<(row + rows))
    project(row: row, rows: rows)
  }

  /// Fills the ring by a pointwise product, in runs that do not wrap around its end.
  @inline(always)
  private func expand(_ missing: Range<Int>) {
    let parameters = call.pointee.parameters
    let width = first.inputWidth
    var row = missing.lowerBound
    while row < missing.upperBound {
      let slot = row % ringRows
      let rows = min(missing.upperBound - row, ringRows - slot)
      let inputOffset = (image * first.inputHeight + row) * width * vectorBytes
      var job = PointwiseJob(
        first, input: call.pointee.input + inputOffset,
        inputPlaneBytes: call.pointee.inputPlaneBytes)
      job.output = ring.base + slot * width * vectorBytes
      job.outputPlaneBytes = ring.planeBytes
      let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
      job.run(
        firstRow: 0, rowCount: rows * width, panels: 0..<panels.parts, panelSplit: panels,
        tileRows: parameters.p0, stripTiles: 0)
      row += rows
    }
  }

  @inline(always)
  private func convolveImage(_ missing: Range<Int>) {
    var job = imageJob(call, first)
    job.output = ring.base
    job.outputPlaneBytes = ring.planeBytes
    let tiles = Split(first.outputWidth, atMost: call.pointee.parameters.p4)
    for row in missing {
      convolveImageRow(
        first, job, image * first.outputHeight + row, to: row % ringRows, tiles, edge)
    }
  }

  @inline(always)
  private func convolveRows(_ rows: Range<Int>) {
    for block in 0..<strip.blocks {
      var job = DepthwiseJob(
        depthwise, block: block, input: UnsafeRawPointer(ring.base + block * ring.planeBytes),
        output: strip.base + block * strip.planeBytes)
      job.ringRows = ringRows
      job.run(rows: rows, columns: call.pointee.parameters.p3)
    }
  }

  @inline(always)
  private func project(row: Int, rows: Int) {
    let parameters = call.pointee.parameters
    let width = depthwise.outputWidth
    var job = PointwiseJob(
      call.pointee.third, input: UnsafeRawPointer(strip.base), inputPlaneBytes: strip.planeBytes)
    job.writesOutput(of: call, fromRow: (image * depthwise.outputHeight + row) * width)
    let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
    job.run(
      firstRow: 0, rowCount: rows * width, panels: 0..<panels.parts, panelSplit: panels,
      tileRows: parameters.p0, stripTiles: 0)
  }
}
