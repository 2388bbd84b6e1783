import DSCore

/// Any window and stride: for shapes without a register tile.
///
/// Outputs whose windows lie inside the image from left to right go eight by eight, then four by four; the sums of one alone wait for
/// each other. Every tap is loaded for every output, so that a tile of its own is up to twice as fast where a window has one.
///
/// - Numerics: as `DepthwiseTile`.
@inline(never)
func convolveAnyWindow(
  columns: Int, _ job: DepthwiseJob, _ block: DepthwiseBlock, _ span: DepthwiseSpan
) {
  let inside = job.insideColumns
  let end = span.firstColumn + span.count * columns
  var output = block.output
  for row in span.rows {
    let window = WindowRows(job, block, outputRow: row, count: 1)
    var x = span.firstColumn
    while x < end {
      let room = x < inside.lowerBound ? 0 : min(end, inside.upperBound) - x
      if room >= 8 {
        AnyColumns<8>.convolve(job, block, window, x, to: output)
        x += 8
      } else if room >= 4 {
        AnyColumns<4>.convolve(job, block, window, x, to: output)
        x += 4
      } else {
        convolveOne(job, block, window, x, to: output)
        x += 1
      }
    }
    output += job.outputRowBytes
  }
}

extension DepthwiseJob {
  /// The outputs whose windows lie inside the input from left to right.
  @inline(always)
  fileprivate var insideColumns: Range<Int> {
    let first = (paddingLeft + stride - 1) / stride
    let last = inputWidth - windowWidth + paddingLeft
    return first..<max(first, last < 0 ? first : min(outputWidth, last / stride + 1))
  }
}

/// `T` outputs beside each other, whose windows lie inside the input from left to right.
private enum AnyColumns<let T: Int> {
  @inline(always)
  static func convolve(
    _ job: DepthwiseJob, _ block: DepthwiseBlock, _ window: WindowRows, _ x: Int,
    to output: UnsafeMutableRawPointer
  ) {
    let low = job.inputLow
    let high = job.inputHigh
    let step = job.stride * vectorBytes
    var sums = InlineArray<T, Vector> { _ in load(block.weights, 0) }
    var weights = window.weights
    var inputRow = window.input + (x * job.stride - job.paddingLeft) * vectorBytes
    let ringEnd = window.ringEnd + (x * job.stride - job.paddingLeft) * vectorBytes
    for _ in window.rows {
      var input = inputRow
      for _ in 0..<job.windowWidth {
        let weight = load(weights, 0)
        for t in 0..<T {
          multiplyAdd(&sums[t], clamp(load(input + t * step, 0), low, high), weight)
        }
        weights += vectorBytes
        input += vectorBytes
      }
      inputRow += job.inputRowBytes
      if inputRow == ringEnd { inputRow -= window.ringBytes }
    }
    for t in 0..<T { store(clamp(sums[t], job.low, job.high), output, x + t) }
  }
}

/// One output, whose window may hang over either edge.
@inline(always)
private func convolveOne(
  _ job: DepthwiseJob, _ block: DepthwiseBlock, _ window: WindowRows, _ x: Int,
  to output: UnsafeMutableRawPointer
) {
  var sum = load(block.weights, 0)
  let column = x * job.stride - job.paddingLeft
  let first = min(job.windowWidth, max(0, 0 - column))
  let end = max(first, min(job.windowWidth, job.inputWidth - column))
  var inputRow = window.input
  for i in window.rows {
    for j in first..<end {
      let input = clamp(load(inputRow, column + j), job.inputLow, job.inputHigh)
      multiplyAdd(&sum, input, load(block.weights, 1 + i * job.windowWidth + j))
    }
    inputRow += job.inputRowBytes
    if inputRow == window.ringEnd { inputRow -= window.ringBytes }
  }
  store(clamp(sum, job.low, job.high), output, x)
}
