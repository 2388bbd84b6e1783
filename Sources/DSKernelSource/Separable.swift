import DSCore

/// Depthwise → pointwise, fused by row strips: the strip between them never leaves the cache.
///
/// Parameters: p0 rows and p1 vectors of the pointwise register tile, p2 output rows in a strip, p3
/// columns of the depthwise tile, p4 row tiles that walk over the panels together (0: all).
///
/// - Cost: the flops of both stages; the strip costs p2·W·C·4 bytes of scratch a worker, and the weights
///   are read once for every strip.
/// - Numerics: the same operations in the same order as the two stages alone: the same bits.
/// - Source: Lin, Georganas and Owens, "Towards Flexible and Compiler-Friendly Layer Fusion for CNNs on
///   Multicore CPUs", Euro-Par 2021, doi:10.1007/978-3-030-85665-6_15.
@inline(never)
public func runSeparable(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let depthwise = call.pointee.first
  let parameters = call.pointee.parameters
  let width = depthwise.outputWidth
  let strip = FusedStrip(
    channels: depthwise.inputChannels, rows: parameters.p2, width: width,
    base: call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker)
  var job = PointwiseJob(
    call.pointee.second, input: UnsafeRawPointer(strip.base), inputPlaneBytes: strip.planeBytes)
  let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
  var strips = RowStrips(depthwise, stripRows: parameters.p2, worker, workers)
  while let rows = strips.next() {
    strip.convolve(depthwise, of: call, image: rows.image, rows: rows.rows, columns: parameters.p3)
    let firstRow = rows.image * depthwise.outputHeight + rows.rows.lowerBound
    job.writesOutput(of: call, fromRow: firstRow * width)
    job.run(
      firstRow: 0, rowCount: rows.rows.count * width, panels: 0..<panels.parts, panelSplit: panels,
      tileRows: parameters.p0, stripTiles: parameters.p4)
  }
}

/// Rows of all channel blocks in scratch, planes skewed so that they do not share L1 sets.
struct FusedStrip {
  var base: UnsafeMutableRawPointer
  var blocks: Int
  var planeBytes: Int

  @inline(always)
  init(channels: Int, rows: Int, width: Int, base: UnsafeMutableRawPointer) {
    self.base = base
    blocks = (channels + lanes - 1) / lanes
    planeBytes = FusedStrip.planeBytes(rows: rows, width: width)
  }

  @inline(always)
  var byteCount: Int { blocks * planeBytes }

  @inline(always)
  static func planeBytes(rows: Int, width: Int) -> Int {
    let bytes = (rows * width * vectorBytes + 63) / 64 * 64
    return bytes % 1024 == 0 ? bytes + 64 : bytes
  }

  /// Fills the strip with depthwise rows `rows` of one image of the call's input.
  @inline(always)
  func convolve(
    _ depthwise: StageCall, of call: UnsafePointer<KernelCall>, image: Int, rows: Range<Int>,
    columns: Int
  ) {
    let imageOffset = image * depthwise.inputHeight * depthwise.inputWidth * vectorBytes
    let job = DepthwiseJob(depthwise)
    for block in 0..<blocks {
      job.run(
        block: block,
        input: call.pointee.input + (block * call.pointee.inputPlaneBytes + imageOffset),
        output: base + block * planeBytes, rows: rows, columns: columns)
    }
  }
}
