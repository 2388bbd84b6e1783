import DSCore
import DSKernels

/// Checks candidates' results before they may win: against the Float64 reference on corners, edges and
/// random pixels, and that every other pixel was written.
package final class CandidateCheck {
  package struct Verdict: Sendable {
    /// The largest error as a part of its bound; at most 1 for a correct kernel.
    package let errorOverBound: Double
    /// The largest absolute error.
    package let maximumError: Double
    package var isCorrect: Bool { errorOverBound <= 1 }
  }

  private let layout: TensorLayout
  private let pixels: [Int]
  private let expected: ReferenceTensor
  /// `expected` with a kernel's own bounds, where they are others than the formula's.
  private let bounding: (Kernel) -> ReferenceTensor
  /// By the kernels' numeric class.
  private var bounded: [String: ReferenceTensor] = [:]

  /// - Parameter shouldStop: asked between the reference's pixels.
  /// - Returns: `nil` where it was ended.
  init?(
    _ problem: Problem, input: ReferenceTensor, residual: ReferenceTensor?,
    weights: [StageWeights], layout: TensorLayout, seed: UInt64, shouldStop: () -> Bool
  ) {
    self.layout = layout
    let count = problem.output.pixelCount
    let width = problem.output.width
    var generator = SeededGenerator(seed: seed)
    var chosen: Set<Int> = [0, count - 1, width - 1, count - width, count / 2]
    while chosen.count < min(count, 16) {
      chosen.insert(Int(generator.next() % UInt64(count)))
    }
    pixels = chosen.filter { (0..<count).contains($0) }.sorted()
    expected = Reference.evaluate(
      problem, input: input, weights: weights, residual: residual, pixels: pixels,
      shouldStop: shouldStop)
    bounding = { [expected, pixels] kernel in
      kernel.bounding(
        expected, problem, input: input, weights: weights, residual: residual, pixels: pixels)
    }
    if shouldStop() { return nil }
  }

  private func expected(of kernel: Kernel) -> ReferenceTensor {
    if kernel.multipliesAsWritten { return expected }
    let known = bounded[kernel.numericGroup, default: bounding(kernel)]
    bounded[kernel.numericGroup] = known
    return known
  }

  /// - Parameter kernel: which wrote the output.
  func verdict(on output: UnsafeRawPointer, of kernel: Kernel) -> Verdict {
    let expected = expected(of: kernel)
    var worst = 0.0
    var largest = 0.0
    let channels = layout.shape.channels
    for pixel in pixels {
      for channel in 0..<channels {
        let offset = layout.byteOffset(pixel: pixel, channel: channel)
        let value = Double(output.loadUnaligned(fromByteOffset: offset, as: Float.self))
        let index = pixel * channels + channel
        let error = (value - expected.values[index]).magnitude
        if error.isNaN { return Verdict(errorOverBound: .infinity, maximumError: .infinity) }
        if error > 0 { worst = max(worst, error / expected.bounds[index]) }
        largest = max(largest, error)
      }
    }
    // Pixels outside the sample: at least they were written.
    for block in 0..<layout.blockCount {
      for pixel in 0..<layout.shape.pixelCount {
        let offset = layout.byteOffset(pixel: pixel, channel: block * layout.channelBlock)
        if output.loadUnaligned(fromByteOffset: offset, as: Float.self).isNaN {
          return Verdict(errorOverBound: .infinity, maximumError: .infinity)
        }
      }
    }
    return Verdict(errorOverBound: worst, maximumError: largest)
  }
}
