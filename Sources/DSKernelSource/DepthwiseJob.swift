import DSCore

/// `count` column tiles beside each other, in every row of `rows`.
struct DepthwiseSpan {
  var firstColumn: Int
  var count: Int
  var rows: Range<Int>
}

/// Where one channel block's input rows, weights and output rows lie.
struct DepthwiseBlock {
  /// The plane of this channel block (of one image).
  var input: UnsafeRawPointer
  /// Bias, then the taps row by row; one vector each.
  var weights: UnsafeRawPointer
  /// The first output row lies here.
  var output: UnsafeMutableRawPointer
}

/// A depthwise convolution, but for where its channel blocks lie.
struct DepthwiseJob {
  var inputRowBytes: Int
  var inputHeight: Int
  var inputWidth: Int
  /// Rows that a block's input holds: row r lies at r mod `ringRows`. The whole height outside fused blocks.
  var ringRows: Int
  /// Whether a tile fetches pixels for the next row. In planes of less than 16 KiB, 14×14 and below, that cost 4 % of the time.
  var fetchesRows: Bool
  var outputRowBytes: Int
  var outputWidth: Int
  var windowHeight: Int
  var windowWidth: Int
  var stride: Int
  var paddingTop: Int
  var paddingLeft: Int
  /// Whether the tiles clamp what they read.
  var activatesInput: Bool
  /// Vectors, not numbers to be spread: see `clamp`.
  var inputLow: Vector
  var inputHigh: Vector
  var low: Vector
  var high: Vector
  /// The weights of channel block 0.
  private let weights: UnsafeRawPointer

  /// - Parameter stage: its weights are bias and taps of each block.
  @inline(always)
  init(_ stage: StageCall) {
    inputRowBytes = stage.inputWidth * vectorBytes
    inputHeight = stage.inputHeight
    inputWidth = stage.inputWidth
    ringRows = stage.inputHeight
    fetchesRows = stage.inputHeight * inputRowBytes >= 16 << 10
    outputRowBytes = stage.outputWidth * vectorBytes
    outputWidth = stage.outputWidth
    windowHeight = stage.windowHeight
    windowWidth = stage.windowWidth
    stride = stage.stride
    paddingTop = stage.paddingTop
    paddingLeft = stage.paddingLeft
    activatesInput = stage.activatesInput
    inputLow = Vector(repeating: stage.inputLow)
    inputHigh = Vector(repeating: stage.inputHigh)
    low = Vector(repeating: stage.low)
    high = Vector(repeating: stage.high)
    weights = stage.weights
  }

  /// Output rows `rows` of channel block `block`, the first of them written to `output`, in tiles of at most `columns`.
  @inline(always)
  func run(
    block: Int, input: UnsafeRawPointer, output: UnsafeMutableRawPointer, rows: Range<Int>,
    columns: Int
  ) {
    let block = DepthwiseBlock(
      input: input, weights: weights + block * (windowHeight * windowWidth + 1) * vectorBytes,
      output: output)
    let tiles = Split(outputWidth, atMost: columns)
    convolve(
      block, columns: tiles.short + 1,
      DepthwiseSpan(firstColumn: 0, count: tiles.longCount, rows: rows))
    convolve(
      block, columns: tiles.short,
      DepthwiseSpan(
        firstColumn: tiles.start(tiles.longCount), count: tiles.parts - tiles.longCount, rows: rows)
    )
  }

  @inline(always)
  private func convolve(_ block: DepthwiseBlock, columns: Int, _ span: DepthwiseSpan) {
    if span.count > 0 { convolveDepthwiseTiles(columns: columns, self, block, span) }
  }
}
