/// The input rows under `count` output rows of a depthwise convolution, below each other: where they lie and which taps they meet.
struct WindowRows {
  /// The first of the rows that lie inside the input.
  let input: UnsafeRawPointer
  /// Where the ring of input rows ends, and its length: the row after the last is the first again.
  let ringEnd: UnsafeRawPointer
  let ringBytes: Int
  /// The first row that the next output rows need and these do not.
  let below: UnsafeRawPointer
  /// The taps of the first of these rows.
  let weights: UnsafeRawPointer
  /// Rows inside the input, counted from the first row under the window, inside or not.
  let rows: Range<Int>

  @inline(always)
  init(_ job: DepthwiseJob, _ block: DepthwiseBlock, outputRow: Int, count: Int) {
    let first = outputRow * job.stride - job.paddingTop
    let height = job.windowHeight + (count - 1) * job.stride
    let start = min(height, max(0, 0 - first))
    rows = start..<max(start, min(height, job.inputHeight - first))
    weights = block.weights + (1 + start * job.windowWidth) * vectorBytes
    // The division takes ten cycles, before which no row can be read.
    let row = first + start
    let slot = job.ringRows == job.inputHeight ? row : row % job.ringRows
    input = block.input + slot * job.inputRowBytes
    ringBytes = job.ringRows * job.inputRowBytes
    ringEnd = block.input + ringBytes
    below = block.input + (first + height) * job.inputRowBytes
  }
}
