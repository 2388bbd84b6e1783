import CSystem

/// The register tile of the matrix product: MR pixels × NV vectors of output channels, and half a vector more where NP is
/// MR / 2 rounded up, the pairs of pixels, or NH is MR.
///
/// out[m, n] = clamp(bias[n] + Σ_k input[m, k] · weights[k, n] + residual[m, n])
///
/// In a direct convolution k runs over the window's taps and, within each, over the channels: input[m, k] is then
/// the tap's pixel.
///
/// - Shapes: input pixels in channel blocks, a packed panel (bias, then `depth` rows of NV vectors),
///   output NV (+ 1) consecutive channel-block planes. The half vector is a whole one in memory, whose upper half
///   is padding: not multiplied, written as zeros. In registers the half vectors of two pixels share a whole one (NP) or
///   have one of half the width each (NH).
/// - Numerics: bias first, then one fused multiply-add for each k in ascending order, then the
///   residual: |error| ≤ γ_{K+3} · (|bias| + Σ |input · weights| + |residual|). The order does not depend
///   on MR or NV, so every tile gives the same bits.
/// - Cost: 2 · (MR · NV + NP + NH / 2) · lanes flops for each k, from NV (+ 1) vector loads, MR broadcasts and MR / 2
///   blends for the pairs: compute bound for MR + NV ≤ MR · NV + NP + NH. Where a CPU executes a vector in two halves,
///   half of one takes half the time, and blends wait for the multiply-adds' units: 56×56×144→24 takes 217 µs with NH
///   and 290 with NP on Zen 4. Elsewhere half vectors are no faster than whole ones, and pairs save half of them (Zen 5).
/// - Source: Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34(3),
///   2008, doi:10.1145/1356052.1356053; the weights stay unblocked in K as they stream from L2 fast
///   enough for K up to about 4000.
enum RegisterTile<let MR: Int, let NV: Int, let NP: Int, let NH: Int> {
  typealias Column = InlineArray<NV, Vector>

  /// One row of a panel.
  @inline(always)
  private static var rowBytes: Int { planes * vectorBytes }

  /// Channel-block planes of the output.
  @inline(always)
  private static var planes: Int { NP + NH > 0 ? NV + 1 : NV }

  /// `count` tiles of MR rows below each other against one panel.
  @inline(never)
  static func multiply(
    _ job: UnsafeMutablePointer<PointwiseJob>, firstRow: Int, block: Int, count: Int
  ) {
    let panel = job.pointee.weights + block * (job.pointee.depth + 1) * vectorBytes
    var input = job.pointee.input + firstRow * vectorBytes
    var target = TileTarget(job.pointee, firstRow: firstRow, block: block)
    for _ in 0..<count {
      var tile = InlineArray<MR, Column> { _ in Column { _ in Vector(repeating: 0) } }
      var pairs = InlineArray<NP, Vector> { _ in Vector(repeating: 0) }
      var halves = InlineArray<NH, HalfVector> { _ in HalfVector(repeating: 0) }
      fetchResidual(target)
      accumulate(&tile, &pairs, &halves, job, input, panel)
      finish(tile, job, target)
      if NP > 0 { finish(pairs: pairs, job, target) }
      for m in 0..<NH { finish(half: halves[m], of: m, job, target) }
      input += MR * vectorBytes
      target.skip(rows: MR)
    }
  }

  /// What is added at the end of a tile was written several layers ago, and is on its way while the tile computes.
  @inline(always)
  private static func fetchResidual(_ target: TileTarget) {
    guard let residual = target.residual else { return }
    for n in 0..<planes { fetchTile(of: residual + n * target.residualPlaneBytes) }
  }

  @inline(always)
  private static func accumulate(
    _ tile: inout InlineArray<MR, Column>, _ pairs: inout InlineArray<NP, Vector>,
    _ halves: inout InlineArray<NH, HalfVector>, _ job: UnsafeMutablePointer<PointwiseJob>,
    _ input: UnsafeRawPointer, _ panel: UnsafeRawPointer
  ) {
    for n in 0..<NV {
      let bias = load(panel, n)
      for m in 0..<MR { tile[m][n] = bias }
    }
    if NP > 0 {
      let bias = loadTwice(panel, NV)
      for pair in 0..<NP { pairs[pair] = bias }
    }
    if NH > 0 {
      let bias = loadHalf(panel, NV)
      for m in 0..<NH { halves[m] = bias }
    }
    var weights = panel + rowBytes
    var plane = input
    var remaining = job.pointee.tapDepth
    var tap = 0
    while true {
      job.pointee.fetches.step()
      var channel = plane
      var channels = remaining < lanes ? remaining : lanes
      remaining -= channels
      plane += job.pointee.inputPlaneBytes
      if remaining > 0 { fetchTile(of: plane) }
      if isUnrolled && channels == lanes {
        for k in 0..<lanes {
          addStep(&tile, &pairs, &halves, job, channel + k * 4, weights + k * rowBytes)
        }
        weights += lanes * rowBytes
        channels = 0
      }
      while channels > 0 {
        addStep(&tile, &pairs, &halves, job, channel, weights)
        weights += rowBytes
        channel += 4
        channels -= 1
      }
      if remaining > 0 { continue }
      tap += 1
      if tap == job.pointee.taps { break }
      weights += job.pointee.tapPadding * rowBytes
      plane = input + job.pointee.offsetBytes(ofTap: tap)
      remaining = job.pointee.tapDepth
    }
  }

  /// Whether a channel block is multiplied without a loop, whose four instructions stand against twenty of a 6×2 tile. They
  /// cost nothing on a core of one's own, and a seventh of the time where a neighbour's thread takes half of the core's
  /// instructions: 14×14×512→512 1636 → 1284 µs then, 1136 → 1133 otherwise (AVX2, Zen 3). SSE2 runs out of registers (6 to 13 %
  /// slower); a step of AVX-512 has twice as many instructions, each of twice the work.
  @inline(always)
  private static var isUnrolled: Bool { vectorBytes == 32 }

  /// One channel of a tile's pixels times one row of the panel.
  @inline(always)
  private static func addStep(
    _ tile: inout InlineArray<MR, Column>, _ pairs: inout InlineArray<NP, Vector>,
    _ halves: inout InlineArray<NH, HalfVector>, _ job: UnsafeMutablePointer<PointwiseJob>,
    _ channel: UnsafeRawPointer, _ weights: UnsafeRawPointer
  ) {
    var row = Column { _ in Vector(repeating: 0) }
    for n in 0..<NV { row[n] = load(weights, n) }
    if NP > 0 {
      multiplyPairs(job, channel, row, loadTwice(weights, NV), &tile, &pairs)
    } else {
      let halfRow = NH > 0 ? loadHalf(weights, NV) : HalfVector(repeating: 0)
      for m in 0..<MR {
        let input = pixel(channel, m)
        for n in 0..<NV { multiplyAdd(&tile[m][n], input, row[n]) }
        if NH > 0 { multiplyAdd(&halves[m], input.lowHalf, halfRow) }
      }
    }
  }

  @inline(always)
  private static func pixel(_ channel: UnsafeRawPointer, _ m: Int) -> Vector {
    Vector(repeating: channel.load(fromByteOffset: m * vectorBytes, as: Float.self))
  }

  @inline(always)
  private static func multiplyPairs(
    _ job: UnsafeMutablePointer<PointwiseJob>, _ channel: UnsafeRawPointer, _ row: Column,
    _ halfRow: Vector, _ tile: inout InlineArray<MR, Column>, _ pairs: inout InlineArray<NP, Vector>
  ) {
    for pair in 0..<NP {
      let left = pixel(channel, 2 * pair)
      for n in 0..<NV { multiplyAdd(&tile[2 * pair][n], left, row[n]) }
      if 2 * pair + 1 < MR {
        let right = pixel(channel, 2 * pair + 1)
        for n in 0..<NV { multiplyAdd(&tile[2 * pair + 1][n], right, row[n]) }
        let both = left.replacing(with: right, where: job.pointee.upperLanes)
        multiplyAdd(&pairs[pair], both, halfRow)
      } else {
        multiplyAdd(&pairs[pair], left, halfRow)
      }
    }
  }

  /// This tile's pixels of the next channel block, a jump that no stream in hardware foresees: 147×147×128→128 in Xception
  /// 4.46 → 3.26 ms, MobileNet v1 1.4 % (Zen 5). The next tile's pixels, which do lie ahead in the stream, are left to the
  /// hardware: fetched here as well, they took those 27 % away again.
  @inline(always)
  private static func fetchTile(of plane: UnsafeRawPointer) {
    // Pixels of half a line need not begin with one.
    let lines = vectorBytes == 64 ? MR : MR * vectorBytes / 64 + 1
    for line in 0..<lines { cs_fetch(plane + line * 64) }
  }

  @inline(always)
  private static func finish(
    _ tile: InlineArray<MR, Column>, _ job: UnsafeMutablePointer<PointwiseJob>,
    _ target: TileTarget
  ) {
    let low = job.pointee.low
    let high = job.pointee.high
    for n in 0..<NV {
      let output = target.output + n * target.outputPlaneBytes
      if let base = target.residual {
        let residual = base + n * target.residualPlaneBytes
        for m in 0..<MR { store(clamp(tile[m][n] + load(residual, m), low, high), output, m) }
      } else {
        for m in 0..<MR { store(clamp(tile[m][n], low, high), output, m) }
      }
    }
  }

  @inline(always)
  private static func finish(
    pairs: InlineArray<NP, Vector>, _ job: UnsafeMutablePointer<PointwiseJob>,
    _ target: TileTarget
  ) {
    for pair in 0..<NP {
      finish(half: pairs[pair].lowHalf, of: 2 * pair, job, target)
      if 2 * pair + 1 < MR {
        finish(half: pairs[pair].highHalf, of: 2 * pair + 1, job, target)
      }
    }
  }

  @inline(always)
  private static func finish(
    half: HalfVector, of m: Int, _ job: UnsafeMutablePointer<PointwiseJob>, _ target: TileTarget
  ) {
    var sum = half
    if let base = target.residual {
      sum += loadHalf(base + NV * target.residualPlaneBytes, m)
    }
    let whole = Vector(lowHalf: sum, highHalf: HalfVector(repeating: 0))
    let output = target.output + NV * target.outputPlaneBytes
    store(clamp(whole, job.pointee.low, job.pointee.high), output, m)
  }
}
