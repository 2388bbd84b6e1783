import DSCore
import Glibc

/// One output pixel of one stage, in Float64.
struct ReferenceWindow {
  let stage: Stage
  let pixel: Int
  private let taps: [(tap: Int, inputPixel: Int)]

  init(_ stage: Stage, pixel: Int) {
    self.stage = stage
    self.pixel = pixel
    let output = stage.output
    let window = stage.window
    let line = pixel / output.width
    let image = line / output.height
    let firstRow = line % output.height * window.stride - window.padding.top
    let firstColumn = pixel % output.width * window.stride - window.padding.left
    var taps: [(Int, Int)] = []
    for i in 0..<window.height where (0..<stage.input.height).contains(firstRow + i) {
      for j in 0..<window.width where (0..<stage.input.width).contains(firstColumn + j) {
        let row = image * stage.input.height + firstRow + i
        taps.append((i * window.width + j, row * stage.input.width + firstColumn + j))
      }
    }
    self.taps = taps
  }

  var inputPixels: [Int] { taps.map(\.inputPixel) }

  private var outputs: Range<Int> {
    (pixel * stage.outputChannels)..<((pixel + 1) * stage.outputChannels)
  }

  func multiply(
    _ input: ReferenceTensor, _ weights: StageWeights, _ residual: ReferenceTensor?,
    into output: inout ReferenceTensor
  ) {
    let channels = stage.input.channels
    let count = stage.outputChannels
    var sums = weights.bias.map(Double.init)
    var magnitudes = sums.map(\.magnitude)
    var inherited = [Double](repeating: 0, count: count)
    for (tap, source) in taps {
      for channel in 0..<channels {
        let first = (tap * channels + channel) * count
        Self.add(
          weights.kernel[first..<(first + count)], times: input.values[source * channels + channel],
          bound: input.bounds[source * channels + channel], &sums, &magnitudes, &inherited)
      }
    }
    finish(sums, magnitudes, inherited, residual, into: &output)
  }

  /// One input value times its row of weights. Without bounds checks, which keep the compiler from vectors.
  private static func add(
    _ weights: ArraySlice<Float>, times value: Double, bound: Double, _ sums: inout [Double],
    _ magnitudes: inout [Double], _ inherited: inout [Double]
  ) {
    weights.withUnsafeBufferPointer { weights in
      sums.withUnsafeMutableBufferPointer { sums in
        magnitudes.withUnsafeMutableBufferPointer { magnitudes in
          inherited.withUnsafeMutableBufferPointer { inherited in
            for n in weights.indices {
              let weight = Double(weights[n])
              sums[n] += value * weight
              magnitudes[n] += (value * weight).magnitude
              inherited[n] += bound * weight.magnitude
            }
          }
        }
      }
    }
  }

  func convolve(
    _ input: ReferenceTensor, _ weights: StageWeights, _ residual: ReferenceTensor?,
    into output: inout ReferenceTensor
  ) {
    let count = stage.outputChannels
    var sums = weights.bias.map(Double.init)
    var magnitudes = sums.map(\.magnitude)
    var inherited = [Double](repeating: 0, count: count)
    for (tap, source) in taps {
      for n in 0..<count {
        let weight = Double(weights.kernel[tap * count + n])
        let value = input.values[source * count + n]
        sums[n] += value * weight
        magnitudes[n] += (value * weight).magnitude
        inherited[n] += input.bounds[source * count + n] * weight.magnitude
      }
    }
    finish(sums, magnitudes, inherited, residual, into: &output)
  }

  func pool(
    _ input: ReferenceTensor, _ residual: ReferenceTensor?, into output: inout ReferenceTensor
  ) {
    let count = stage.outputChannels
    let isMaximum = stage.kind == .maximumPooling
    var sums = [Double](repeating: isMaximum ? -.infinity : 0, count: count)
    var magnitudes = [Double](repeating: 0, count: count)
    var inherited = [Double](repeating: 0, count: count)
    let share = 1 / Double(taps.count)
    for (_, source) in taps {
      for n in 0..<count {
        let value = input.values[source * count + n]
        let bound = input.bounds[source * count + n]
        if isMaximum {
          sums[n] = Reference.maximum(sums[n], value)
          inherited[n] = max(inherited[n], bound)
        } else {
          sums[n] += value * share
          magnitudes[n] += value.magnitude * share
          inherited[n] += bound * share
        }
      }
    }
    if isMaximum { magnitudes = sums.map(\.magnitude) }
    finish(sums, magnitudes, inherited, residual, into: &output)
  }

  private func finish(
    _ sums: [Double], _ magnitudes: [Double], _ inherited: [Double], _ residual: ReferenceTensor?,
    into output: inout ReferenceTensor
  ) {
    let gamma = Reference.gamma(stage.longestSum + 3)
    for (n, index) in outputs.enumerated() {
      let added = residual?.values[index] ?? 0
      let addedBound = residual?.bounds[index] ?? 0
      let passedOn = inherited[n] + addedBound
      output.values[index] = sums[n] + added
      output.bounds[index] =
        gamma * (magnitudes[n] + added.magnitude + passedOn) + passedOn
    }
  }
}
