import CSystem
import DSCore

/// The first layer of a network, straight from the caller's NHWC image of three channels, stride 1 or 2.
///
/// Parameters: p0 columns and p1 vectors of the register tile. Tiles that hang over the left or right edge read a
/// zero-padded copy of their few window rows from scratch, and so do all where the image is activated first.
///
/// - Cost: 2·M·K·N flops with K = KH·KW·3; image + weights + output once.
/// - Numerics and source: `ImageTile`.
@inline(never)
public func runImage(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let stage = call.pointee.first
  let share = Split(stage.batch * stage.outputHeight, parts: workers)
  let edge = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
  var job = imageJob(call, stage)
  job.writesOutput(of: call, fromRow: 0)
  let tiles = Split(stage.outputWidth, atMost: call.pointee.parameters.p0)
  let panels = PanelSplit(job.outputVectors, atMost: call.pointee.parameters.p1)
  for row in share.start(worker)..<(share.start(worker) + share.length(worker)) {
    convolveImageRow(stage, job, row, to: row, tiles, panels, edge)
  }
}

/// The product of an image's windows with the weights, without its output.
@inline(always)
func imageJob(_ call: UnsafePointer<KernelCall>, _ stage: StageCall) -> PointwiseJob {
  var job = PointwiseJob(stage, input: call.pointee.input, inputPlaneBytes: 0)
  job.depth = stage.windowHeight * stage.windowWidth * stage.inputChannels
  return job
}

/// One output row (counted over all images), every column tile against every panel, written to row
/// `target` of the job's output.
@inline(always)
func convolveImageRow(
  _ stage: StageCall, _ job: PointwiseJob, _ row: Int, to target: Int, _ tiles: Split,
  _ panels: PanelSplit, _ edge: UnsafeMutableRawPointer
) {
  let image = row / stage.outputHeight
  let activates = stage.activatesInput
  let firstInputRow = row % stage.outputHeight * stage.stride - stage.paddingTop
  let start = min(stage.windowHeight, max(0, 0 - firstInputRow))
  let taps = start..<max(start, min(stage.windowHeight, stage.inputHeight - firstInputRow))
  let pixelBytes = stage.inputChannels * 4
  let imageRowBytes = stage.inputWidth * pixelBytes
  let rowLength = stage.windowWidth * stage.inputChannels
  let inputRow = image * stage.inputHeight + firstInputRow + taps.lowerBound
  for tile in 0..<tiles.parts {
    let columns = tiles.length(tile)
    let firstColumn = tiles.start(tile) * stage.stride - stage.paddingLeft
    let reach = (columns - 1) * stage.stride + stage.windowWidth
    var input = job.input + (inputRow * imageRowBytes + firstColumn * pixelBytes)
    var rowBytes = imageRowBytes
    if firstColumn < 0 || firstColumn + reach > stage.inputWidth || activates {
      rowBytes = reach * pixelBytes
      copyEdge(
        from: job.input + inputRow * imageRowBytes, to: edge, rows: taps.count,
        rowBytes: imageRowBytes, columns: firstColumn..<(firstColumn + reach), stage)
      input = UnsafeRawPointer(edge)
    }
    fetchImage(
      job.input + (inputRow + taps.count + 2) * imageRowBytes, rows: stage.stride,
      rowBytes: imageRowBytes, offset: tiles.start(tile) * stage.stride * pixelBytes,
      byteCount: columns * stage.stride * pixelBytes)
    let span = ImageSpan(
      input: input, rowBytes: rowBytes, rowLength: rowLength, taps: taps,
      outputOffset: (target * stage.outputWidth + tiles.start(tile)) * vectorBytes)
    convolveImageTiles(
      columns: columns, step: stage.stride * stage.inputChannels, job, span, panels)
  }
}

/// What tiles at the same place read some rows further down. The image lies in pages of the caller's, mostly small ones: the
/// first access to each takes a page walk, 147 of them in 224×224×3 (Zen 5, inside MobileNet v1: 133 → 111 µs; from
/// huge pages 94 with or without).
@inline(always)
private func fetchImage(
  _ row: UnsafeRawPointer, rows: Int, rowBytes: Int, offset: Int, byteCount: Int
) {
  for index in 0..<rows {
    var byte = 0
    while byte < byteCount {
      cs_fetch(row + (index * rowBytes + offset + byte))
      byte += 64
    }
  }
}

/// Where one tile of the first layer reads and writes.
struct ImageSpan {
  var input: UnsafeRawPointer
  var rowBytes: Int
  var rowLength: Int
  var taps: Range<Int>
  var outputOffset: Int
}

/// The window rows of one tile, activated, with zeros where they hang over the image.
@inline(never)
private func copyEdge(
  from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, rows: Int, rowBytes: Int,
  columns: Range<Int>, _ stage: StageCall
) {
  let values = columns.lowerBound * stage.inputChannels..<columns.upperBound * stage.inputChannels
  let inside = values.clamped(to: 0..<(stage.inputWidth * stage.inputChannels))
  for row in 0..<rows {
    let line = source + row * rowBytes
    let copy = target + row * values.count * 4
    for value in values.lowerBound..<inside.lowerBound {
      copy.storeBytes(of: 0, toByteOffset: (value - values.lowerBound) * 4, as: Float.self)
    }
    for value in inside {
      var number = line.load(fromByteOffset: value * 4, as: Float.self)
      number = number < stage.inputLow ? stage.inputLow : number
      number = number > stage.inputHigh ? stage.inputHigh : number
      copy.storeBytes(of: number, toByteOffset: (value - values.lowerBound) * 4, as: Float.self)
    }
    for value in inside.upperBound..<values.upperBound {
      copy.storeBytes(of: 0, toByteOffset: (value - values.lowerBound) * 4, as: Float.self)
    }
  }
}

/// One column tile against every panel.
@inline(always)
private func convolveImageTiles(
  columns: Int, step: Int, _ job: PointwiseJob, _ span: ImageSpan, _ panels: PanelSplit
) {
  for panel in 0..<panels.parts {
    convolveImageTile(
      columns: columns, vectors: panels.length(panel), step: step, block: panels.start(panel),
      job, span)
  }
}

extension ImageTile {
  @inline(always)
  static func convolve(_ job: PointwiseJob, _ span: ImageSpan, _ block: Int) {
    convolve(
      job, input: span.input, rowBytes: span.rowBytes, rowLength: span.rowLength, taps: span.taps,
      outputOffset: span.outputOffset, block: block)
  }
}
