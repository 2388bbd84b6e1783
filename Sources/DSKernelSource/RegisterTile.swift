import CSystem

/// The register tile of the matrix product: MR pixels × NV vectors and NH (0 or 1) half vectors of output channels.
///
/// out[m, n] = clamp(bias[n] + Σ_k input[m, k] · weights[k, n] + residual[m, n])
///
/// In a direct convolution k runs over the window's taps and, within each, over the channels: input[m, k] is then
/// the tap's pixel.
///
/// - Shapes: input pixels in channel blocks, a packed panel (bias, then `depth` rows of NV vectors),
///   output NV + NH consecutive channel-block planes. The half vector is a whole one in memory, whose upper half
///   is padding: not multiplied, written as zeros.
/// - Numerics: bias first, then one fused multiply-add for each k in ascending order, then the
///   residual: |error| ≤ γ_{K+3} · (|bias| + Σ |input · weights| + |residual|). The order does not depend
///   on MR or NV, so every tile gives the same bits.
/// - Cost: 2 · MR · (NV + NH / 2) · lanes flops for each k, from NV + NH vector loads and MR broadcasts: compute
///   bound for MR + NV ≤ MR · NV. A CPU that splits its vectors in halves saves the unused half's time; one
///   that does not (or whose half vectors are no faster) loses nothing.
/// - Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3),
///   2008, doi:10.1145/1356052.1356053; the weights stay unblocked in K as they stream from L2 fast
///   enough for K up to about 4000.
enum RegisterTile<let MR: Int, let NV: Int, let NH: Int> {
  typealias Column = InlineArray<NV, Vector>

  /// One row of a panel.
  @inline(always)
  private static var rowBytes: Int { (NV + NH) * vectorBytes }

  /// `count` tiles of MR rows below each other against one panel.
  @inline(never)
  static func multiply(_ job: PointwiseJob, firstRow: Int, block: Int, count: Int) {
    let panel = job.weights + block * (job.depth + 1) * vectorBytes
    var offset = firstRow * vectorBytes
    var nextPanel = job.nextPanel
    var following = job.following
    for _ in 0..<count {
      var tile = InlineArray<MR, Column> { _ in Column { _ in Vector(repeating: 0) } }
      var half = InlineArray<MR, HalfVector> { _ in HalfVector(repeating: 0) }
      accumulate(&tile, &half, job, offset, panel, &nextPanel, &following)
      finish(tile, job, offset, block)
      if NH > 0 { finish(half, job, offset, block) }
      offset += MR * vectorBytes
    }
  }

  @inline(always)
  private static func accumulate(
    _ tile: inout InlineArray<MR, Column>, _ half: inout InlineArray<MR, HalfVector>,
    _ job: PointwiseJob, _ offset: Int, _ panel: UnsafeRawPointer,
    _ nextPanel: inout WeightFetch, _ following: inout WeightFetch
  ) {
    for n in 0..<NV {
      let bias = load(panel, n)
      for m in 0..<MR { tile[m][n] = bias }
    }
    if NH > 0 {
      let bias = loadHalf(panel, NV)
      for m in 0..<MR { half[m] = bias }
    }
    var weights = panel + rowBytes
    var tapRow = job.input + offset
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
        if remaining > 0 { fetchTile(of: plane + job.inputPlaneBytes) }
        while channels > 0 {
          var row = Column { _ in Vector(repeating: 0) }
          for n in 0..<NV { row[n] = load(weights, n) }
          let halfRow = NH > 0 ? loadHalf(weights, NV) : HalfVector(repeating: 0)
          for m in 0..<MR {
            let scalar = channel.load(fromByteOffset: m * vectorBytes, as: Float.self)
            let input = Vector(repeating: scalar)
            for n in 0..<NV { multiplyAdd(&tile[m][n], input, row[n]) }
            if NH > 0 { multiplyAdd(&half[m], input.lowHalf, halfRow) }
          }
          weights += rowBytes
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

  /// This tile's pixels of the next channel block, a jump that no stream in hardware foresees: 147×147×128→128 in Xception
  /// 4.46 → 3.26 ms, MobileNet v1 1.4 % (Zen 5). The next tile's pixels, which do lie ahead in the stream, are left to the
  /// hardware: fetched here as well, they took those 27 % away again.
  @inline(always)
  private static func fetchTile(of plane: UnsafeRawPointer) {
    for m in 0..<MR { cs_fetch(plane + m * vectorBytes) }
  }

  @inline(always)
  private static func finish(
    _ tile: InlineArray<MR, Column>, _ job: PointwiseJob, _ offset: Int, _ block: Int
  ) {
    for n in 0..<NV {
      let output = job.output + (block + n) * job.outputPlaneBytes + offset
      if let base = job.residual {
        let residual = base + (block + n) * job.residualPlaneBytes + offset
        for m in 0..<MR {
          let sum = tile[m][n] + load(residual, m)
          store(clamp(sum, job.low, job.high), output, m)
        }
      } else {
        for m in 0..<MR { store(clamp(tile[m][n], job.low, job.high), output, m) }
      }
    }
  }

  @inline(always)
  private static func finish(
    _ half: InlineArray<MR, HalfVector>, _ job: PointwiseJob, _ offset: Int, _ block: Int
  ) {
    let padding = HalfVector(repeating: 0)
    let output = job.output + (block + NV) * job.outputPlaneBytes + offset
    if let base = job.residual {
      let residual = base + (block + NV) * job.residualPlaneBytes + offset
      for m in 0..<MR {
        let sum = Vector(lowHalf: half[m] + loadHalf(residual, m), highHalf: padding)
        store(clamp(sum, job.low, job.high), output, m)
      }
    } else {
      for m in 0..<MR {
        let sum = Vector(lowHalf: half[m], highHalf: padding)
        store(clamp(sum, job.low, job.high), output, m)
      }
    }
  }
}
