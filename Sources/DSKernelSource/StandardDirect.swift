import DSCore

/// Standard convolution of stride 1 straight from the feature map: row after row of outputs goes through the
/// register tiles, whose sums run over the window's taps. No patches are gathered.
///
/// Where the problem pads its input or activates it first, each worker copies the rows it needs into a padded
/// map in scratch, once.
///
/// Parameters: p0 rows and p1 vectors of the register tile, p2 row tiles that walk over the panels
/// together (0: all).
///
/// - Shapes: weights as for `runStandard`.
/// - Numerics: as `RegisterTile` with K = KH·KW·Cin in (i, j, channel) order; padding adds zeros.
/// - Cost: 2·M·K·N flops; input, weights and output once, and the input twice more where it is copied.
/// - Source: Zhang, Franchetti and Low, "High Performance Zero-Memory Overhead Direct Convolutions", ICML 2018,
///   arXiv:1809.10170.
@inline(never)
public func runStandardDirect(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let stage = call.pointee.first
  let parameters = call.pointee.parameters
  let height = stage.outputHeight
  let share = Split(stage.batch * height, parts: workers)
  let scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
  let map = PaddedMap(stage, base: scratch)

  var job = PointwiseJob(
    stage, input: call.pointee.input,
    inputPlaneBytes: map.isNeeded ? map.planeBytes : call.pointee.inputPlaneBytes)
  job.sumsOverTaps(
    of: stage, tapsInRow: stage.windowWidth,
    tapRowBytes: map.isNeeded ? map.rowBytes : stage.inputWidth * vectorBytes)
  let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)

  var position = share.start(worker)
  let end = position + share.length(worker)
  while position < end {
    let image = position / height
    let row = position % height
    let rows = min(height - row, end - position)
    var firstRow = call.pointee.input + (image * stage.inputHeight + row) * job.tapRowBytes
    if map.isNeeded {
      map.fill(call, image: image, firstRow: row, rows: rows + stage.windowHeight - 1)
      firstRow = UnsafeRawPointer(map.base)
    }
    for y in 0..<rows {
      job.input = firstRow + y * job.tapRowBytes
      job.writesOutput(of: call, fromRow: (position + y) * stage.outputWidth)
      job.run(
        firstRow: 0, rowCount: stage.outputWidth, panels: 0..<panels.parts, panelSplit: panels,
        tileRows: parameters.p0, stripTiles: parameters.p2)
    }
    position += rows
  }
}

/// Rows of one image with their padding around them, activated.
private struct PaddedMap {
  let stage: StageCall
  let base: UnsafeMutableRawPointer
  let width: Int
  let rowBytes: Int
  let planeBytes: Int

  @inline(always)
  init(_ stage: StageCall, base: UnsafeMutableRawPointer) {
    self.stage = stage
    self.base = base
    width = stage.outputWidth + stage.windowWidth - 1
    rowBytes = width * vectorBytes
    planeBytes = FusedStrip.planeBytes(
      rows: stage.outputHeight + stage.windowHeight - 1, width: width)
  }

  /// Whether the feature map cannot be read as it is.
  @inline(always)
  var isNeeded: Bool {
    width != stage.inputWidth || stage.outputHeight + stage.windowHeight - 1 != stage.inputHeight
      || stage.activatesInput
  }

  /// Rows of the padded image from `firstRow` on, to the map's beginning.
  @inline(never)
  func fill(_ call: UnsafePointer<KernelCall>, image: Int, firstRow: Int, rows: Int) {
    let low = Vector(repeating: stage.inputLow)
    let high = Vector(repeating: stage.inputHigh)
    let imageBytes = image * stage.inputHeight * stage.inputWidth * vectorBytes
    for block in 0..<((stage.inputChannels + lanes - 1) / lanes) {
      let plane = call.pointee.input + (block * call.pointee.inputPlaneBytes + imageBytes)
      var target = base + block * planeBytes
      for row in firstRow..<(firstRow + rows) {
        let y = row - stage.paddingTop
        let source = plane + y * stage.inputWidth * vectorBytes
        let isInside = y >= 0 && y < stage.inputHeight
        for column in 0..<width {
          let x = column - stage.paddingLeft
          let value =
            isInside && x >= 0 && x < stage.inputWidth
            ? clamp(load(source, x), low, high) : Vector(repeating: 0)
          store(value, target, 0)
          target += vectorBytes
        }
      }
    }
  }
}
