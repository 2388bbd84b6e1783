import DSCore

/// Standard, pointwise and dense stages as the formula reads:
///
///     out[p, n] = clamp(bias[n] + Σ_{i,j,c} input[p·S + (i,j), c] · weights[i, j, c, n] + residual[p, n])
///
/// - Numerics: bias first, then products in ascending order, product and sum rounded separately:
///   |error| ≤ γ_{K+3} · (|bias| + Σ |input · weights| + |residual|).
/// - Cost: 2·M·K·N flops, one at a time.
@Sendable
func runNaiveConvolution(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let input = InputReader(call)
  let output = BlockedTensor(output: call)
  let residual = BlockedTensor(residual: call)
  for pixel in 0..<stage.outputPixels {
    let window = WindowPosition(stage, pixel: pixel)
    for channel in 0..<stage.outputChannels {
      var sum = stage.plainBias[channel]
      for i in window.rows {
        for j in window.columns {
          let source = window.inputPixel(i, j)
          let tap = (i &* stage.windowWidth &+ j) &* stage.inputChannels
          for c in 0..<stage.inputChannels {
            sum +=
              input[source, c] * stage.plainKernel[(tap &+ c) &* stage.outputChannels &+ channel]
          }
        }
      }
      if let residual { sum += residual[pixel, channel] }
      output[pixel, channel] = sum.clamped(stage.low, stage.high)
    }
  }
  output.clearPadding(channels: stage.outputChannels, pixels: stage.outputPixels)
}

/// Depthwise convolution as the formula reads:
///
///     out[p, c] = clamp(bias[c] + Σ_{i,j} input[p·S + (i,j), c] · weights[i, j, c] + residual[p, c])
///
/// - Numerics: as `runNaiveConvolution` with K = KH·KW.
@Sendable
func runNaiveDepthwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let input = InputReader(call)
  let output = BlockedTensor(output: call)
  let residual = BlockedTensor(residual: call)
  for pixel in 0..<stage.outputPixels {
    let window = WindowPosition(stage, pixel: pixel)
    for channel in 0..<stage.outputChannels {
      var sum = stage.plainBias[channel]
      for i in window.rows {
        for j in window.columns {
          let tap = i &* stage.windowWidth &+ j
          sum +=
            input[window.inputPixel(i, j), channel]
            * stage.plainKernel[tap &* stage.outputChannels &+ channel]
        }
      }
      if let residual { sum += residual[pixel, channel] }
      output[pixel, channel] = sum.clamped(stage.low, stage.high)
    }
  }
  output.clearPadding(channels: stage.outputChannels, pixels: stage.outputPixels)
}

/// The input of a call, blocked or an NHWC image, after the input activation.
struct InputReader {
  private let tensor: BlockedTensor
  private let imageChannels: Int?
  private let low: Float
  private let high: Float

  init(_ call: UnsafePointer<KernelCall>) {
    tensor = BlockedTensor(input: call)
    let stage = call.pointee.first
    imageChannels = stage.readsImage ? stage.inputChannels : nil
    low = stage.inputLow
    high = stage.inputHigh
  }

  @inline(__always)
  subscript(pixel: Int, channel: Int) -> Float {
    let value: Float
    if let imageChannels {
      value = tensor.base.load(
        fromByteOffset: (pixel &* imageChannels &+ channel) &* 4, as: Float.self)
    } else {
      value = tensor[pixel, channel]
    }
    return value.clamped(low, high)
  }
}
