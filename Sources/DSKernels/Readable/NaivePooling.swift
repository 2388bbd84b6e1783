import DSCore
import Glibc

/// Maximum pooling as the formula reads, with the residual added to the maximum. NaN in a window is its maximum.
@Sendable
func runNaiveMaximumPooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  poolNaively(call, worker, start: -.infinity) {
    $1 > $0 || $1.isNaN ? $1 : $0
  } finish: { value, _ in
    value
  }
}

/// Average pooling over the pixels inside the image.
@Sendable
func runNaiveAveragePooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  poolNaively(call, worker, start: 0) {
    $0 + $1
  } finish: { value, count in
    value / Float(count)
  }
}

@inline(__always)
private func poolNaively(
  _ call: UnsafePointer<KernelCall>, _ worker: Int, start: Float,
  accumulate: (Float, Float) -> Float, finish: (Float, Int) -> Float
) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let input = InputReader(call)
  let output = BlockedTensor(output: call)
  let residual = BlockedTensor(residual: call)
  for pixel in 0..<stage.outputPixels {
    let window = WindowPosition(stage, pixel: pixel)
    for channel in 0..<stage.outputChannels {
      var value = start
      var rowsBefore = start
      for i in window.rows {
        for j in window.columns {
          value = accumulate(value, input[window.inputPixel(i, j), channel])
        }
        if stage.addsByRow {
          rowsBefore = accumulate(rowsBefore, value)
          value = start
        }
      }
      if stage.addsByRow { value = rowsBefore }
      value = finish(value, window.rows.count * window.columns.count)
      if let residual { value += residual[pixel, channel] }
      output[pixel, channel] = value.clamped(stage.low, stage.high)
    }
  }
  output.clearPadding(channels: stage.outputChannels, pixels: stage.outputPixels)
}

/// out[c] = exp(in[c] − max) / Σ exp(in − max): the shift keeps the exponentials finite.
///
/// - Numerics: sums in Float64, so that the probabilities of a thousand classes add up to one within
///   2⁻²³; |error| ≤ 2 ulp of each output beyond the error of `exp`.
/// - Source: Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions",
///   IMA J. Numer. Anal. 41(4), 2021, doi:10.1093/imanum/draa038.
@Sendable
func runSoftmax(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let input = InputReader(call)
  let output = BlockedTensor(output: call)
  for pixel in 0..<stage.outputPixels {
    var peak = -Float.infinity
    for channel in 0..<stage.outputChannels { peak = max(peak, input[pixel, channel]) }
    var total = 0.0
    for channel in 0..<stage.outputChannels {
      let exponential = exp(Double(input[pixel, channel]) - Double(peak))
      total += exponential
      output[pixel, channel] = Float(exponential)
    }
    for channel in 0..<stage.outputChannels {
      output[pixel, channel] = Float(Double(output[pixel, channel]) / total)
    }
  }
  output.clearPadding(channels: stage.outputChannels, pixels: stage.outputPixels)
}
