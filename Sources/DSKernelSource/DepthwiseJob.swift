import DSCore

/// `count` column tiles beside each other, in every row of `rows`.
struct DepthwiseSpan {
  var firstColumn: Int
  var count: Int
  var rows: Range<Int>
}

/// Depthwise rows of one channel block: where its input rows, weights and output rows lie.
struct DepthwiseJob {
  /// The plane of this channel block (of one image).
  var input: UnsafeRawPointer
  var inputRowBytes: Int
  var inputHeight: Int
  var inputWidth: Int
  /// Rows that `input` holds: row r lies at r mod `ringRows`. The whole height outside fused blocks.
  var ringRows: Int
  /// Whether a tile fetches pixels for the next row. In planes of less than 16 KiB, 14×14 and below, that cost 4 % of the time.
  var fetchesRows: Bool
  /// Bias, then the taps row by row; one vector each.
  var weights: UnsafeRawPointer
  /// One vector of zeros, read where the window hangs over the left or right edge.
  var zeros: UnsafeRawPointer
  /// The first output row lies here.
  var output: UnsafeMutableRawPointer
  var outputRowBytes: Int
  var outputWidth: Int
  var windowHeight: Int
  var windowWidth: Int
  var stride: Int
  var paddingTop: Int
  var paddingLeft: Int
  /// Vectors, not numbers to be spread: see `clamp`.
  var inputLow: Vector
  var inputHigh: Vector
  var low: Vector
  var high: Vector

  /// - Parameter stage: its weights are one vector of zeros, then bias and taps of each block.
  @inline(always)
  init(_ stage: StageCall, block: Int, input: UnsafeRawPointer, output: UnsafeMutableRawPointer) {
    self.input = input
    inputRowBytes = stage.inputWidth * vectorBytes
    inputHeight = stage.inputHeight
    inputWidth = stage.inputWidth
    ringRows = stage.inputHeight
    fetchesRows = stage.inputHeight * inputRowBytes >= 16 << 10
    zeros = stage.weights
    let taps = stage.windowHeight * stage.windowWidth
    weights = stage.weights + (1 + block * (taps + 1)) * vectorBytes
    self.output = output
    outputRowBytes = stage.outputWidth * vectorBytes
    outputWidth = stage.outputWidth
    windowHeight = stage.windowHeight
    windowWidth = stage.windowWidth
    stride = stage.stride
    paddingTop = stage.paddingTop
    paddingLeft = stage.paddingLeft
    inputLow = Vector(repeating: stage.inputLow)
    inputHigh = Vector(repeating: stage.inputHigh)
    low = Vector(repeating: stage.low)
    high = Vector(repeating: stage.high)
  }

  /// Output rows `rows`, the first of them written to `output`, in tiles of at most `columns`.
  @inline(always)
  mutating func run(rows: Range<Int>, columns: Int) {
    let tiles = Split(outputWidth, atMost: columns)
    convolve(
      columns: tiles.short + 1,
      DepthwiseSpan(firstColumn: 0, count: tiles.longCount, rows: rows))
    convolve(
      columns: tiles.short,
      DepthwiseSpan(
        firstColumn: tiles.start(tiles.longCount), count: tiles.parts - tiles.longCount, rows: rows)
    )
  }

  @inline(always)
  private mutating func convolve(columns: Int, _ span: DepthwiseSpan) {
    if span.count > 0 { convolveDepthwiseTiles(columns: columns, span: span, job: &self) }
  }

  /// The window rows that lie inside the input, for output row `row`.
  @inline(always)
  func validTaps(row: Int) -> Range<Int> {
    let first = row * stride - paddingTop
    let start = min(windowHeight, max(0, 0 - first))
    return start..<max(start, min(windowHeight, inputHeight - first))
  }
}
