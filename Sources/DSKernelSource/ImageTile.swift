/// The register tile of the first layer: MR pixels of an NHWC image × NV vectors of output channels,
/// read in place.
///
/// Neighbouring outputs of one row read values `Step` floats apart (stride × channels), and the values
/// of a window row lie side by side, so the tile needs no patches: `out[m] += image[m·Step + k] · weights[k]`.
///
/// - Numerics: bias, then one fused multiply-add for each (i, j, channel) in ascending order; rows over the
///   top or bottom edge are left out. |error| ≤ γ_{K+3} · (|bias| + Σ |input · weights|).
/// - Source: Georganas et al., "Anatomy of High-Performance Deep Learning Convolutions on SIMD
///   Architectures", SC 2018, doi:10.1109/SC.2018.00069 (direct convolution from register tiles).
enum ImageTile<let MR: Int, let NV: Int, let Step: Int> {
  typealias Column = InlineArray<NV, Vector>

  /// - Parameters:
  ///   - input: the value under tap (first row of `taps`, 0), channel 0 of the first pixel.
  ///   - rowBytes: from one window row to the next.
  ///   - rowLength: values of one window row: KW × channels.
  ///   - panel: bias, then the weights of all taps.
  @inline(never)
  static func convolve(
    _ job: PointwiseJob, input: UnsafeRawPointer, rowBytes: Int, rowLength: Int, taps: Range<Int>,
    outputOffset: Int, block: Int
  ) {
    let panel = job.weights + block * (job.depth + 1) * vectorBytes
    var tile = InlineArray<MR, Column> { _ in Column { _ in Vector(repeating: 0) } }
    for n in 0..<NV {
      let bias = load(panel, n)
      for m in 0..<MR { tile[m][n] = bias }
    }
    var weights = panel + (1 + taps.lowerBound * rowLength) * NV * vectorBytes
    var inputRow = input
    for _ in taps {
      var value = inputRow
      for _ in 0..<rowLength {
        var row = Column { _ in Vector(repeating: 0) }
        for n in 0..<NV { row[n] = load(weights, n) }
        for m in 0..<MR {
          let scalar = value.load(fromByteOffset: m * Step * 4, as: Float.self)
          let pixel = Vector(repeating: scalar)
          for n in 0..<NV { multiplyAdd(&tile[m][n], pixel, row[n]) }
        }
        weights += NV * vectorBytes
        value += 4
      }
      inputRow += rowBytes
    }
    for n in 0..<NV {
      let output = job.output + ((block + n) * job.outputPlaneBytes + outputOffset)
      for m in 0..<MR { store(clamp(tile[m][n], job.low, job.high), output, m) }
    }
  }
}
