import CSystem

/// The register tile of depthwise convolution: T output columns of one row and one channel block.
///
/// out[t] = clamp(bias + Σ_{i,j} input[y·S + i − top, (x+t)·S + j − left] · weights[i, j])
///
/// Each input vector of a row is loaded once and used for every output it reaches; the KW weights of
/// the row and the T sums stay in registers. Rows outside the input are skipped, columns outside it
/// read zeros, so nothing is copied or padded.
///
/// - Numerics: bias first, then one fused multiply-add a tap in (i, j) order; taps over the top or bottom
///   edge are left out, those over the sides add zero. |error| ≤ γ_{KH·KW+3} · (|bias| + Σ |input · weights|).
/// - Cost: 2·KH·KW·T·lanes flops from ((T−1)·S + KW) + KW vector loads a window row (0.38 loads a
///   multiply-add for 3×3, S = 1, T = 14).
/// - Source: Zhang, Lo and Lu, "High Performance Depthwise and Pointwise Convolutions on Mobile Devices",
///   AAAI 2020, doi:10.1609/aaai.v34i04.6159 (register reuse along the row).
enum DepthwiseTile<let KW: Int, let S: Int, let T: Int, let PreActivation: Int> {
  /// `count` tiles beside each other in every row of `rows`.
  @inline(never)
  static func convolve(_ job: DepthwiseJob, _ span: DepthwiseSpan) {
    let reach = (T - 1) * S + KW
    var outputRow = job.output + span.firstColumn * vectorBytes
    var row = span.rows.lowerBound
    while row < span.rows.upperBound {
      let taps = job.validTaps(row: row)
      let slot = (row * S - job.paddingTop + taps.lowerBound) % job.ringRows
      var column = span.firstColumn * S - job.paddingLeft
      var output = outputRow
      for _ in 0..<span.count {
        var sums = InlineArray<T, Vector> { _ in load(job.weights, 0) }
        if S == 1 && job.fetchesRows {
          let row = job.input + (row - job.paddingTop + job.windowHeight) * job.inputRowBytes
          fetchTile(of: row + column * vectorBytes)
        }
        if column >= 0 && column + reach <= job.inputWidth {
          accumulate(&sums, job, taps, slot, column, edge: false)
        } else {
          accumulate(&sums, job, taps, slot, column, edge: true)
        }
        for t in 0..<T { store(clamp(sums[t], job.low, job.high), output, t) }
        output += T * vectorBytes
        column += T * S
      }
      outputRow += job.outputRowBytes
      row += 1
    }
  }

  /// The pixels that the next output row needs and this one does not, for the tile at the same place.
  ///
  /// Zen 5, inside Xception: 147×147×128 582 → 442 µs, 74×74×256 264 → 199, 19×19×728 36.9 → 34.1. Of stride 2 it gained nothing.
  @inline(always)
  private static func fetchTile(of row: UnsafeRawPointer) {
    for t in 0..<T { cs_fetch(row + t * vectorBytes) }
  }

  @inline(always)
  private static func accumulate(
    _ sums: inout InlineArray<T, Vector>, _ job: DepthwiseJob, _ taps: Range<Int>,
    _ firstSlot: Int, _ column: Int, edge: Bool
  ) {
    let reach = (T - 1) * S + KW
    var weightRow = job.weights + (1 + taps.lowerBound * KW) * vectorBytes
    var slot = firstSlot
    var tap = taps.lowerBound
    while tap < taps.upperBound {
      let inputRow = job.input + slot * job.inputRowBytes + column * vectorBytes
      var weights = InlineArray<KW, Vector> { _ in Vector(repeating: 0) }
      for j in 0..<KW { weights[j] = load(weightRow, j) }
      for c in 0..<reach {
        var address = inputRow + c * vectorBytes
        // Padding is smaller than the window, so only the outermost KW − 1 columns can be outside.
        if edge && (c < KW - 1 || c > reach - KW) {
          address =
            UInt(bitPattern: column + c) < UInt(bitPattern: job.inputWidth)
            ? address : job.zeros
        }
        var input = load(address, 0)
        if PreActivation == 1 { input = clamp(input, job.inputLow, job.inputHigh) }
        for j in 0..<KW where c >= j && (c - j) % S == 0 && (c - j) / S < T {
          multiplyAdd(&sums[(c - j) / S], input, weights[j])
        }
      }
      weightRow += KW * vectorBytes
      slot += 1
      if slot == job.ringRows { slot = 0 }
      tap += 1
    }
  }
}

/// Any window and stride, one output pixel at a time: for shapes without a register tile.
@inline(never)
func convolveAnyWindow(columns: Int, span: DepthwiseSpan, job: inout DepthwiseJob) {
  var output = job.output
  for row in span.rows {
    let taps = job.validTaps(row: row)
    let firstRow = row * job.stride - job.paddingTop
    for x in span.firstColumn..<(span.firstColumn + span.count * columns) {
      var sum = load(job.weights, 0)
      let column = x * job.stride - job.paddingLeft
      let first = min(job.windowWidth, max(0, 0 - column))
      let end = max(first, min(job.windowWidth, job.inputWidth - column))
      for i in taps {
        let inputRow = job.input + (firstRow + i) % job.ringRows * job.inputRowBytes
        for j in first..<end {
          let input = clamp(load(inputRow, column + j), job.inputLow, job.inputHigh)
          multiplyAdd(&sum, input, load(job.weights, 1 + i * job.windowWidth + j))
        }
      }
      store(clamp(sum, job.low, job.high), output, x)
    }
    output += job.outputRowBytes
  }
}
