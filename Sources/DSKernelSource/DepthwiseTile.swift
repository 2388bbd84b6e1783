import CSystem

/// The register tile of depthwise convolution: T output columns of R rows (one or two) and one channel block.
///
/// out[r, t] = clamp(bias + Σ_{i,j} input[(y+r)·S + i − top, (x+t)·S + j − left] · weights[i, j])
///
/// Each input vector of a row is loaded once and used for every output it reaches; the KW weights of each output row that
/// the input row meets and the R·T sums stay in registers. Rows and columns outside the input are skipped, so nothing is
/// copied or padded.
///
/// Two rows give a narrow tile as many sums as hide the latency of a multiply-add (7×7 maps: 7 → 14), and read an input
/// row once for both. What an address depends on counts as much: where edge columns were chosen by address for each tap,
/// and their bounds came from the stack, a tile of 14×14 maps took 18.2 ns and not 15.5 (Zen 5).
///
/// - Numerics: bias first, then one fused multiply-add a tap in (i, j) order, the same for every tile; taps over an edge
///   are left out. |error| ≤ γ_{KH·KW+3} · (|bias| + Σ |input · weights|).
/// - Cost: 2·KH·KW·R·T·lanes flops from ((T−1)·S + KW) + R·KW vector loads for each of KH + (R−1)·S input rows (0.38 loads
///   a multiply-add for 3×3, S = 1, R = 1, T = 14; 0.47 for R = 2, T = 7).
/// - Source: Zhang, Lo and Lu, "High Performance Depthwise and Pointwise Convolutions on Mobile Devices",
///   AAAI 2020, doi:10.1609/aaai.v34i04.6159 (register reuse along the row and between rows).
enum DepthwiseTile<let KW: Int, let S: Int, let R: Int, let T: Int, let PreActivation: Int> {
  typealias Row = InlineArray<T, Vector>

  /// `span.count` tiles beside each other in every row of `span.rows`; rows that are left over in tiles of one.
  @inline(never)
  static func convolve(_ job: DepthwiseJob, _ block: DepthwiseBlock, _ span: DepthwiseSpan) {
    let rowBytes = job.outputRowBytes
    var outputRow = block.output + span.firstColumn * vectorBytes
    var row = span.rows.lowerBound
    while row + R <= span.rows.upperBound {
      let window = WindowRows(job, block, outputRow: row, count: R)
      var column = span.firstColumn * S - job.paddingLeft
      var output = outputRow
      for _ in 0..<span.count {
        if S == 1 && job.fetchesRows {
          for r in 0..<R {
            fetchTile(of: window.below + r * job.inputRowBytes + column * vectorBytes)
          }
        }
        convolve(job, block, row, window, column, to: output)
        output += T * vectorBytes
        column += T * S
      }
      outputRow += R * rowBytes
      row += R
    }
    if R > 1 && row < span.rows.upperBound {
      var rest = block
      rest.output += (row - span.rows.lowerBound) * rowBytes
      DepthwiseTile<KW, S, 1, T, PreActivation>.convolve(
        job, rest,
        DepthwiseSpan(
          firstColumn: span.firstColumn, count: span.count, rows: row..<span.rows.upperBound))
    }
  }

  /// The pixels that the next output row needs and this one does not, for the tile at the same place.
  ///
  /// Zen 5, inside Xception: 147×147×128 582 → 442 µs, 74×74×256 264 → 199, 19×19×728 36.9 → 34.1. Of stride 2 it gained nothing.
  @inline(always)
  private static func fetchTile(of row: UnsafeRawPointer) {
    for t in 0..<T { cs_fetch(row + t * vectorBytes) }
  }

  /// One tile. Chooses among copies of the loop that know at compile time which columns are outside: a column's address
  /// then depends on nothing but its row.
  @inline(always)
  private static func convolve(
    _ job: DepthwiseJob, _ block: DepthwiseBlock, _ row: Int, _ window: WindowRows, _ column: Int,
    to output: UnsafeMutableRawPointer
  ) {
    let left = max(0, 0 - column)
    let right = max(0, column + (T - 1) * S + KW - job.inputWidth)
    var sums = InlineArray<R, Row> { _ in Row { _ in load(block.weights, 0) } }
    // Copies for wider windows as well, and their sums were on the stack.
    switch (left, right) {
    case (0, 0): accumulate(&sums, job, window, column, left: 0, right: 0)
    case (1, 0) where KW == 3: accumulate(&sums, job, window, column, left: 1, right: 0)
    case (0, 1) where KW == 3: accumulate(&sums, job, window, column, left: 0, right: 1)
    case (1, 1) where KW == 3: accumulate(&sums, job, window, column, left: 1, right: 1)
    default: return convolve(job, block, row: row, column, left: left, right: right, to: output)
    }
    finish(sums, job, to: output)
  }

  /// A tile with any columns outside.
  @inline(never)
  private static func convolve(
    _ job: DepthwiseJob, _ block: DepthwiseBlock, row: Int, _ column: Int, left: Int, right: Int,
    to output: UnsafeMutableRawPointer
  ) {
    let window = WindowRows(job, block, outputRow: row, count: R)
    var sums = InlineArray<R, Row> { _ in Row { _ in load(block.weights, 0) } }
    accumulate(&sums, job, window, column, left: left, right: right)
    finish(sums, job, to: output)
  }

  @inline(always)
  private static func finish(
    _ sums: InlineArray<R, Row>, _ job: DepthwiseJob, to output: UnsafeMutableRawPointer
  ) {
    let low = job.low
    let high = job.high
    for r in 0..<R {
      for t in 0..<T { store(clamp(sums[r][t], low, high), output + r * job.outputRowBytes, t) }
    }
  }

  @inline(always)
  private static func accumulate(
    _ sums: inout InlineArray<R, Row>, _ job: DepthwiseJob, _ window: WindowRows, _ column: Int,
    left: Int, right: Int
  ) {
    let rowBytes = job.inputRowBytes
    let height = job.windowHeight
    let low = job.inputLow
    let high = job.inputHigh
    let ringEnd = window.ringEnd + column * vectorBytes
    var inputRow = window.input + column * vectorBytes
    var weights = window.weights
    var row = window.rows.lowerBound
    while row < window.rows.upperBound {
      if R == 2 && row == 0 {
        accumulateRow(&sums, low, high, inputRow, weights, 0..<1, left, right)
      } else if R == 2 && row == height {
        accumulateRow(&sums, low, high, inputRow, weights, 1..<2, left, right)
      } else {
        accumulateRow(&sums, low, high, inputRow, weights, 0..<R, left, right)
      }
      weights += KW * vectorBytes
      inputRow += rowBytes
      row += 1
      if _slowPath(inputRow == ringEnd) { inputRow -= window.ringBytes }
    }
  }

  /// One input row, for the output rows `outputs` of the tile: of output row r with the taps r rows above `weights`.
  @inline(always)
  private static func accumulateRow(
    _ sums: inout InlineArray<R, Row>, _ low: Vector, _ high: Vector, _ inputRow: UnsafeRawPointer,
    _ weightRow: UnsafeRawPointer, _ outputs: Range<Int>, _ left: Int, _ right: Int
  ) {
    let reach = (T - 1) * S + KW
    var weights = InlineArray<R, InlineArray<KW, Vector>> { _ in
      InlineArray { _ in Vector(repeating: 0) }
    }
    for r in 0..<R where outputs.contains(r) {
      for j in 0..<KW { weights[r][j] = load(weightRow - r * KW * vectorBytes, j) }
    }
    for c in 0..<reach where c >= left && c < reach - right {
      var input = load(inputRow, c)
      if PreActivation == 1 { input = clamp(input, low, high) }
      for r in 0..<R where outputs.contains(r) {
        for j in 0..<KW where c >= j && (c - j) % S == 0 && (c - j) / S < T {
          multiplyAdd(&sums[r][(c - j) / S], input, weights[r][j])
        }
      }
    }
  }
}
