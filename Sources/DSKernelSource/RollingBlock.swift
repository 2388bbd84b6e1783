import DSCore

/// Three stages fused by row strips: pointwise → depthwise → pointwise (MobileNet v2's block), or image →
/// depthwise → pointwise (how both MobileNets begin). The first stage's rows roll through a ring, so
/// that none is computed twice by one worker.
///
/// Parameters: p0 rows and p1 vectors of the pointwise register tiles, p2 output rows in a strip, p3
/// columns of the depthwise tile, p4 columns and p5 vectors of the image tile.
///
/// - Cost: the flops of the three stages, plus KH − stride rows of the first for every further worker;
///   scratch of ((p2 − 1)·stride + KH)·W + p2·W' pixels of all inner channels a worker.
/// - Numerics: the same operations in the same order as the three stages alone: the same bits.
/// - Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018,
///   doi:10.1109/CVPR.2018.00474, section 5.1 (the expanded tensor need not exist at once).
@inline(never)
public func runRollingBlock(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  var block = RollingBlockJob(call, worker)
  var strips = RowStrips(
    call.pointee.second, stripRows: call.pointee.parameters.p2, worker, workers)
  while let strip = strips.next() { block.run(strip) }
}

/// One worker's ring of the first stage's rows and strip of depthwise results.
private struct RollingBlockJob {
  let call: UnsafePointer<KernelCall>
  let first: StageCall
  let depthwise: StageCall
  let expanded: FusedStrip
  let strip: FusedStrip
  /// A copy of the few image rows under a tile that hangs over the edge, or is activated first.
  let edge: UnsafeMutableRawPointer
  /// Pixels of the first product's input after its activation.
  let activated: ActivatedRows
  var ring: RowRing

  @inline(always)
  init(_ call: UnsafePointer<KernelCall>, _ worker: Int) {
    self.call = call
    first = call.pointee.first
    depthwise = call.pointee.second
    let stripRows = call.pointee.parameters.p2
    ring = RowRing(depthwise, stripRows: stripRows)
    let scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
    expanded = FusedStrip(
      channels: depthwise.inputChannels, rows: ring.count, width: depthwise.inputWidth,
      base: scratch)
    strip = FusedStrip(
      channels: depthwise.inputChannels, rows: stripRows, width: depthwise.outputWidth,
      base: scratch + expanded.byteCount)
    edge = scratch + (expanded.byteCount + strip.byteCount)
    activated = ActivatedRows(first, base: edge)
  }

  @inline(always)
  mutating func run(_ strip: RowStrips.Strip) {
    if strip.begins { ring.begin() }
    let missing = ring.missing(for: strip.rows, of: depthwise)
    if first.readsImage {
      convolveImage(missing, of: strip.image)
    } else {
      expand(missing, of: strip.image)
    }
    convolveRows(strip.rows)
    project(strip)
  }

  /// Fills the ring by a pointwise product, in runs that do not wrap around its end.
  @inline(always)
  private func expand(_ missing: Range<Int>, of image: Int) {
    let parameters = call.pointee.parameters
    let width = first.inputWidth
    var row = missing.lowerBound
    while row < missing.upperBound {
      let rows = ring.unbroken(from: row, to: missing.upperBound)
      let inputOffset = (image * first.inputHeight + row) * width * vectorBytes
      var job = PointwiseJob(
        first, input: call.pointee.input + inputOffset,
        inputPlaneBytes: call.pointee.inputPlaneBytes)
      job.output = expanded.base + row % ring.count * width * vectorBytes
      job.outputPlaneBytes = expanded.planeBytes
      let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
      if first.activatesInput {
        job.runActivated(
          activated, firstRow: 0, rowCount: rows * width, panels: 0..<panels.parts,
          panelSplit: panels, tileRows: parameters.p0, stripTiles: 0)
      } else {
        job.run(
          firstRow: 0, rowCount: rows * width, panels: 0..<panels.parts, panelSplit: panels,
          tileRows: parameters.p0, stripTiles: 0)
      }
      row += rows
    }
  }

  @inline(always)
  private func convolveImage(_ missing: Range<Int>, of image: Int) {
    var job = imageJob(call, first)
    job.output = expanded.base
    job.outputPlaneBytes = expanded.planeBytes
    let tiles = Split(first.outputWidth, atMost: call.pointee.parameters.p4)
    let panels = PanelSplit(job.outputVectors, atMost: call.pointee.parameters.p5)
    for row in missing {
      convolveImageRow(
        first, job, image * first.outputHeight + row, to: row % ring.count, tiles, panels, edge)
    }
  }

  @inline(always)
  private func convolveRows(_ rows: Range<Int>) {
    var job = DepthwiseJob(depthwise)
    job.ringRows = ring.count
    job.fetchesRows = false
    for block in 0..<strip.blocks {
      job.run(
        block: block, input: UnsafeRawPointer(expanded.base + block * expanded.planeBytes),
        output: strip.base + block * strip.planeBytes, rows: rows,
        columns: call.pointee.parameters.p3)
    }
  }

  @inline(always)
  private func project(_ rows: RowStrips.Strip) {
    let parameters = call.pointee.parameters
    let width = depthwise.outputWidth
    var job = PointwiseJob(
      call.pointee.third, input: UnsafeRawPointer(strip.base), inputPlaneBytes: strip.planeBytes)
    let firstRow = rows.image * depthwise.outputHeight + rows.rows.lowerBound
    job.writesOutput(of: call, fromRow: firstRow * width)
    let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
    job.run(
      firstRow: 0, rowCount: rows.rows.count * width, panels: 0..<panels.parts, panelSplit: panels,
      tileRows: parameters.p0, stripTiles: 0)
  }
}
