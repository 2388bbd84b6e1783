import DSCore

/// Standard, pointwise and dense stages as one matrix product over a matrix of patches: row p holds the
/// KH·KW·C values under the window at output pixel p, zeros where it hangs over the edge.
///
/// Formula and bound as `runNaiveConvolution`; the zeros of the padding are added, not skipped.
/// - Cost: 2·M·K·N flops and M·K·4 bytes of scratch, written and read once.
/// - Source: Chellapilla, Puri and Simard, "High Performance Convolutional Neural Networks for Document
///   Processing", IWFHR 2006.
@Sendable
func runIm2colConvolution(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let depth = stage.tapCount * stage.inputChannels
  let patches = call.pointee.scratch.assumingMemoryBound(to: Float.self)
  gatherPatches(call, channels: 0..<stage.inputChannels, into: patches)
  multiplyTiled(call, depth: depth) { pixel, k in patches[pixel &* depth &+ k] }
}

/// Depthwise convolution as a matrix–vector product for each channel over its own matrix of patches.
///
/// Formula and bound as `runNaiveDepthwise`; the zeros of the padding are added, not skipped. It shows
/// why the lowering that serves standard convolution is a poor one here: nothing of the matrix is used twice.
/// - Cost: 2·k²·H·W·C flops; k²·H·W·4 bytes of scratch, written and read for every channel.
@Sendable
func runIm2colDepthwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let taps = stage.tapCount
  let patches = call.pointee.scratch.assumingMemoryBound(to: Float.self)
  let output = BlockedTensor(output: call)
  let residual = BlockedTensor(residual: call)
  for channel in 0..<stage.outputChannels {
    gatherPatches(call, channels: channel..<(channel + 1), into: patches)
    for pixel in 0..<stage.outputPixels {
      var sum = stage.plainBias[channel]
      for tap in 0..<taps {
        sum +=
          patches[pixel &* taps &+ tap]
          * stage.plainKernel[tap &* stage.outputChannels &+ channel]
      }
      if let residual { sum += residual[pixel, channel] }
      output[pixel, channel] = sum.clamped(stage.low, stage.high)
    }
  }
  output.clearPadding(channels: stage.outputChannels, pixels: stage.outputPixels)
}

/// The patch matrix [pixel][tap][channel] of some input channels.
@inline(__always)
private func gatherPatches(
  _ call: UnsafePointer<KernelCall>, channels: Range<Int>, into patches: UnsafeMutablePointer<Float>
) {
  let stage = call.pointee.first
  let input = InputReader(call)
  var cursor = patches
  for pixel in 0..<stage.outputPixels {
    let window = WindowPosition(stage, pixel: pixel)
    for i in 0..<stage.windowHeight {
      for j in 0..<stage.windowWidth {
        let inside = window.rows.contains(i) && window.columns.contains(j)
        for channel in channels {
          cursor.pointee = inside ? input[window.inputPixel(i, j), channel] : 0
          cursor += 1
        }
      }
    }
  }
}
