/// The register tile of the matrix product: MR pixels × NV vectors of output channels.
///
/// out[m, n] = clamp(bias[n] + Σ_k input[m, k] · weights[k, n] + residual[m, n])
///
/// In a direct convolution k runs over the window's taps and, within each, over the channels: input[m, k] is then
/// the tap's pixel.
///
/// - Shapes: input pixels in channel blocks, a packed panel (bias, then `depth` rows of NV vectors),
///   output NV consecutive channel-block planes.
/// - Numerics: bias first, then one fused multiply-add for each k in ascending order, then the
///   residual: |error| ≤ γ_{K+3} · (|bias| + Σ |input · weights| + |residual|). The order does not depend
///   on MR or NV, so every tile gives the same bits.
/// - Cost: 2 · MR · NV · lanes flops for each k, from NV vector loads and MR broadcasts: compute bound
///   for MR + NV ≤ MR · NV.
/// - Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3),
///   2008, doi:10.1145/1356052.1356053; the weights stay unblocked in K as they stream from L2 fast
///   enough for K up to about 4000.
enum RegisterTile<let MR: Int, let NV: Int> {
  typealias Column = InlineArray<NV, Vector>

  /// `count` tiles of MR rows below each other against one panel.
  @inline(never)
  static func multiply(_ job: PointwiseJob, firstRow: Int, block: Int, count: Int) {
    let panel = job.weights + block * (job.depth + 1) * vectorBytes
    var rowBytes = firstRow * vectorBytes
    var nextPanel = job.nextPanel
    var following = job.following
    for _ in 0..<count {
      var tile = InlineArray<MR, Column> { _ in Column { _ in Vector(repeating: 0) } }
      accumulate(&tile, job, rowBytes, panel, &nextPanel, &following)
      finish(tile, job, rowBytes, block)
      rowBytes += MR * vectorBytes
    }
  }

  @inline(always)
  private static func accumulate(
    _ tile: inout InlineArray<MR, Column>, _ job: PointwiseJob, _ rowBytes: Int,
    _ panel: UnsafeRawPointer, _ nextPanel: inout WeightFetch, _ following: inout WeightFetch
  ) {
    for n in 0..<NV {
      let bias = load(panel, n)
      for m in 0..<MR { tile[m][n] = bias }
    }
    var weights = panel + NV * vectorBytes
    var tapRow = job.input + rowBytes
    var tapColumn = 0
    for _ in 0..<job.taps {
      var plane = tapRow + tapColumn * vectorBytes
      var remaining = job.tapDepth
      while remaining > 0 {
        nextPanel.step()
        following.step()
        var channel = plane
        var channels = remaining < lanes ? remaining : lanes
        remaining -= channels
        while channels > 0 {
          var row = Column { _ in Vector(repeating: 0) }
          for n in 0..<NV { row[n] = load(weights, n) }
          for m in 0..<MR {
            let scalar = channel.load(fromByteOffset: m * vectorBytes, as: Float.self)
            let input = Vector(repeating: scalar)
            for n in 0..<NV { multiplyAdd(&tile[m][n], input, row[n]) }
          }
          weights += NV * vectorBytes
          channel += 4
          channels -= 1
        }
        plane += job.inputPlaneBytes
      }
      tapColumn += 1
      if tapColumn == job.tapsInRow {
        tapColumn = 0
        tapRow += job.tapRowBytes
      }
    }
  }

  @inline(always)
  private static func finish(
    _ tile: InlineArray<MR, Column>, _ job: PointwiseJob, _ rowBytes: Int, _ block: Int
  ) {
    for n in 0..<NV {
      let output = job.output + (block + n) * job.outputPlaneBytes + rowBytes
      if let base = job.residual {
        let residual = base + (block + n) * job.residualPlaneBytes + rowBytes
        for m in 0..<MR {
          let sum = tile[m][n] + load(residual, m)
          store(clamp(sum, job.low, job.high), output, m)
        }
      } else {
        for m in 0..<MR { store(clamp(tile[m][n], job.low, job.high), output, m) }
      }
    }
  }
}
