import DSCore

/// Pixels, input channels and output channels of one tile of the tiled kernels: 16 × 64 inputs (4 KiB),
/// 64 × 64 weights (16 KiB) and 16 × 64 sums (4 KiB) lie in a 32-KiB L1 together.
private enum TileExtent {
  static let pixels = 16
  static let depth = 64
  static let channels = 64
}

/// Pointwise convolution and dense layers in L1-sized tiles: each tile of weights is used for sixteen
/// pixels while it is in L1, instead of being read again for every pixel.
///
/// Formula and numerics as `runNaiveConvolution` (the depth is cut, and its tiles run in ascending
/// order, so the bits are the same).
/// - Source: Lam, Rothberg and Wolf, "The Cache Performance and Optimizations of Blocked Algorithms",
///   ASPLOS 1991, doi:10.1145/106972.106981.
@Sendable
func runTiledPointwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let input = InputReader(call)
  multiplyTiled(call, depth: stage.inputChannels) { pixel, k in input[pixel, k] }
}

/// A tiled matrix product into the call's output; `value(pixel, k)` is the left matrix.
@inline(__always)
func multiplyTiled(
  _ call: UnsafePointer<KernelCall>, depth: Int, value: (_ pixel: Int, _ k: Int) -> Float
) {
  let stage = call.pointee.first
  let output = BlockedTensor(output: call)
  let residual = BlockedTensor(residual: call)
  let channels = stage.outputChannels
  let pixels = stage.outputPixels
  withUnsafeTemporaryAllocation(
    of: Float.self, capacity: TileExtent.pixels * TileExtent.channels
  ) { sums in
    for firstPixel in stride(from: 0, to: pixels, by: TileExtent.pixels) {
      let rows = firstPixel..<min(pixels, firstPixel + TileExtent.pixels)
      for firstChannel in stride(from: 0, to: channels, by: TileExtent.channels) {
        let columns = firstChannel..<min(channels, firstChannel + TileExtent.channels)
        for (row, _) in rows.enumerated() {
          for (column, channel) in columns.enumerated() {
            sums[row &* TileExtent.channels &+ column] = stage.plainBias[channel]
          }
        }
        for firstK in stride(from: 0, to: depth, by: TileExtent.depth) {
          for k in firstK..<min(depth, firstK + TileExtent.depth) {
            let weights = stage.plainKernel + (k &* channels &+ firstChannel)
            for (row, pixel) in rows.enumerated() {
              let factor = value(pixel, k)
              let sumRow = row &* TileExtent.channels
              for column in 0..<columns.count {
                sums[sumRow &+ column] += factor * weights[column]
              }
            }
          }
        }
        for (row, pixel) in rows.enumerated() {
          for (column, channel) in columns.enumerated() {
            var sum = sums[row &* TileExtent.channels &+ column]
            if let residual { sum += residual[pixel, channel] }
            output[pixel, channel] = sum.clamped(stage.low, stage.high)
          }
        }
      }
    }
  }
  output.clearPadding(channels: channels, pixels: pixels)
}

/// Depthwise convolution in tiles of 8 × 8 outputs of one channel block, so that the input rows of a
/// tile are read from memory once and then from L1.
///
/// Formula and numerics as `runNaiveDepthwise`.
@Sendable
func runTiledDepthwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let input = InputReader(call)
  let output = BlockedTensor(output: call)
  let residual = BlockedTensor(residual: call)
  let extent = 8
  let block = call.pointee.channelBlock
  for firstChannel in stride(from: 0, to: stage.outputChannels, by: block) {
    let channels = firstChannel..<min(stage.outputChannels, firstChannel + block)
    for image in 0..<stage.batch {
      for firstRow in stride(from: 0, to: stage.outputHeight, by: extent) {
        for firstColumn in stride(from: 0, to: stage.outputWidth, by: extent) {
          for row in firstRow..<min(stage.outputHeight, firstRow + extent) {
            for column in firstColumn..<min(stage.outputWidth, firstColumn + extent) {
              let pixel = (image * stage.outputHeight + row) * stage.outputWidth + column
              let window = WindowPosition(stage, pixel: pixel)
              for channel in channels {
                var sum = depthwiseSum(window, channel, input)
                if let residual { sum += residual[pixel, channel] }
                output[pixel, channel] = sum.clamped(stage.low, stage.high)
              }
            }
          }
        }
      }
    }
  }
  output.clearPadding(channels: stage.outputChannels, pixels: stage.outputPixels)
}

@inline(__always)
private func depthwiseSum(_ window: WindowPosition, _ channel: Int, _ input: InputReader) -> Float {
  let stage = window.stage
  var sum = stage.plainBias[channel]
  for i in window.rows {
    for j in window.columns {
      let tap = i &* stage.windowWidth &+ j
      sum +=
        input[window.inputPixel(i, j), channel]
        * stage.plainKernel[tap &* stage.outputChannels &+ channel]
    }
  }
  return sum
}
