import DSCore

/// Standard convolution as an implicit matrix product: a strip of output pixels has its patches gathered
/// into scratch in channel blocks, small enough to stay in cache, and goes through the register tiles.
///
/// Parameters: p0 rows and p1 vectors of the register tile, p2 row tiles in a strip.
///
/// - Shapes: weights in panels of depth KH·KW·⌈Cin⌉ (channels padded to a block; KH·KW·Cin for an image).
/// - Numerics: as `RegisterTile` with K = KH·KW·Cin in (i, j, channel) order; padding adds zeros.
/// - Cost: 2·M·K·N flops; M·K·4 bytes written to and read from scratch.
/// - Source: Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document
///   Processing", IWFHR 2006 (lowering to a matrix product), here one cache-sized strip at a time.
@inline(never)
public func runStandard(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let stage = call.pointee.first
  let parameters = call.pointee.parameters
  let pixels = stage.batch * stage.outputHeight * stage.outputWidth
  let tiles = Split(pixels, atMost: parameters.p0)
  let share = Split(tiles.parts, parts: workers)
  let stripPlaneBytes = FusedStrip.planeBytes(rows: parameters.p2, width: parameters.p0)
  let patches = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker

  var job = PointwiseJob(
    stage, input: UnsafeRawPointer(patches), inputPlaneBytes: stripPlaneBytes)
  if stage.readsImage {
    job.depth = stage.windowHeight * stage.windowWidth * stage.inputChannels
    job.tapDepth = job.depth
  } else {
    let blocks = (stage.inputChannels + lanes - 1) / lanes
    job.sumsOverTaps(of: stage, tapsInRow: 1, tapRowBytes: blocks * stripPlaneBytes)
  }
  let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)

  var tile = share.start(worker)
  let end = tile + share.length(worker)
  while tile < end {
    let stripEnd = min(tile + parameters.p2, end)
    let first = tiles.start(tile)
    let count = tiles.start(stripEnd) - first
    if stage.readsImage {
      gatherImagePatches(call, stage, patches, stripPlaneBytes, first, count)
    } else {
      gatherBlockPatches(call, stage, patches, stripPlaneBytes, first, count)
    }
    job.writesOutput(of: call, fromRow: first)
    job.run(
      firstRow: 0, rowCount: count, panels: 0..<panels.parts, panelSplit: panels,
      tileRows: parameters.p0, stripTiles: 0)
    tile = stripEnd
  }
}

/// The image, row and column of output pixel `index`.
@inline(always)
private func position(_ stage: StageCall, _ index: Int) -> (image: Int, row: Int, column: Int) {
  let row = index / stage.outputWidth
  return (row / stage.outputHeight, row % stage.outputHeight, index % stage.outputWidth)
}

/// Patches from channel blocks: one plane for every tap and block, one vector a pixel.
@inline(never)
private func gatherBlockPatches(
  _ call: UnsafePointer<KernelCall>, _ stage: StageCall, _ patches: UnsafeMutableRawPointer,
  _ planeBytes: Int, _ firstPixel: Int, _ count: Int
) {
  let blocks = (stage.inputChannels + lanes - 1) / lanes
  let inputLow = Vector(repeating: stage.inputLow)
  let inputHigh = Vector(repeating: stage.inputHigh)
  var (image, row, column) = position(stage, firstPixel)
  for pixel in 0..<count {
    var target = patches + pixel * vectorBytes
    for i in 0..<stage.windowHeight {
      let y = row * stage.stride - stage.paddingTop + i
      for j in 0..<stage.windowWidth {
        let x = column * stage.stride - stage.paddingLeft + j
        let inside = y >= 0 && y < stage.inputHeight && x >= 0 && x < stage.inputWidth
        let source = ((image * stage.inputHeight + y) * stage.inputWidth + x) * vectorBytes
        for block in 0..<blocks {
          let input = call.pointee.input + (source + block * call.pointee.inputPlaneBytes)
          let value =
            inside ? clamp(load(input, 0), inputLow, inputHigh) : Vector(repeating: 0)
          store(value, target, 0)
          target += planeBytes
        }
      }
    }
    column += 1
    if column == stage.outputWidth {
      column = 0
      row += 1
      if row == stage.outputHeight {
        row = 0
        image += 1
      }
    }
  }
}

/// Patches from an NHWC image: each pixel's KH·KW·C values in order, cut into planes of one vector.
@inline(never)
private func gatherImagePatches(
  _ call: UnsafePointer<KernelCall>, _ stage: StageCall, _ patches: UnsafeMutableRawPointer,
  _ planeBytes: Int, _ firstPixel: Int, _ count: Int
) {
  let channels = stage.inputChannels
  for pixel in 0..<count {
    let (image, row, column) = position(stage, firstPixel + pixel)
    let target = patches + pixel * vectorBytes
    var depth = 0
    for i in 0..<stage.windowHeight {
      let y = row * stage.stride - stage.paddingTop + i
      for j in 0..<stage.windowWidth {
        let x = column * stage.stride - stage.paddingLeft + j
        let inside = y >= 0 && y < stage.inputHeight && x >= 0 && x < stage.inputWidth
        let source = ((image * stage.inputHeight + y) * stage.inputWidth + x) * channels
        for channel in 0..<channels {
          var value: Float = 0
          if inside {
            value = call.pointee.input.load(
              fromByteOffset: (source + channel) * 4, as: Float.self)
            value = value < stage.inputLow ? stage.inputLow : value
            value = value > stage.inputHigh ? stage.inputHigh : value
          }
          target.storeBytes(
            of: value, toByteOffset: depth / lanes * planeBytes + depth % lanes * 4,
            as: Float.self)
          depth += 1
        }
      }
    }
  }
}
