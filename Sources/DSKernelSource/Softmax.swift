import DSCore

/// out[c] = exp(in[c] − max) / Σ exp(in − max): the shift keeps the exponentials finite. Worker 0 does it all.
///
/// - Numerics: each exponential within 3u, a compensated sum, one division: |error| ≤ 12u · out[c] with
///   u = 2⁻²⁴. Below exp(−87), where normal numbers end, the result is 0. NaN stays NaN in its own class.
/// - Cost: three passes over at most a few thousand classes, in L1.
/// - Source: Blanchard, Higham and Higham, "Accurately computing the log-sum-exp and softmax functions",
///   IMA J. Numer. Anal. 41(4), 2021, doi:10.1093/imanum/draa038.
@inline(never)
public func runSoftmax(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  if worker != 0 { return }
  let stage = call.pointee.first
  let blocks = (stage.inputChannels + lanes - 1) / lanes
  let pad = blocks * lanes - stage.inputChannels
  for pixel in 0..<(stage.batch * stage.outputHeight * stage.outputWidth) {
    let input = call.pointee.input + pixel * vectorBytes
    let output = call.pointee.output + pixel * vectorBytes
    let peaks = ClassRow(base: input, planeBytes: call.pointee.inputPlaneBytes, blocks: blocks)
      .maximum(pad: pad)
    var sum = Vector(repeating: 0)
    var lost = Vector(repeating: 0)
    for block in 0..<blocks {
      let value = load(input + block * call.pointee.inputPlaneBytes, 0)
      var power = exponential(value - peaks)
      if block == blocks - 1 { power = clearing(pad, of: power, to: 0) }
      store(power, output + block * call.pointee.outputPlaneBytes, 0)
      let term = power - lost
      let next = sum + term
      lost = (next - sum) - term
      sum = next
    }
    var total = 0.0
    for lane in 0..<lanes { total += Double(sum[lane]) }
    let divisor = Vector(repeating: Float(total))
    for block in 0..<blocks {
      let target = output + block * call.pointee.outputPlaneBytes
      store(load(target, 0) / divisor, target, 0)
    }
  }
}

/// The values of one pixel in all channel blocks.
private struct ClassRow {
  let base: UnsafeRawPointer
  let planeBytes: Int
  let blocks: Int

  /// The largest value, in every lane.
  @inline(always)
  func maximum(pad: Int) -> Vector {
    var peaks = Vector(repeating: -.infinity)
    for block in 0..<blocks {
      var value = load(base + block * planeBytes, 0)
      if block == blocks - 1 { value = clearing(pad, of: value, to: -.infinity) }
      peaks = peaks.replacing(with: value, where: value .> peaks)
    }
    var peak = -Float.infinity
    for lane in 0..<lanes where peaks[lane] > peak { peak = peaks[lane] }
    return Vector(repeating: peak)
  }
}

/// The last `pad` lanes replaced.
@inline(always)
private func clearing(_ pad: Int, of vector: Vector, to value: Float) -> Vector {
  var result = vector
  for lane in 0..<lanes where lane >= lanes - pad { result[lane] = value }
  return result
}

/// exp(x) for x ≤ 0: 2ⁿ · exp(r) with |r| ≤ ln 2 / 2, where eight terms of the series leave 5·10⁻⁹.
@inline(always)
private func exponential(_ power: Vector) -> Vector {
  // Adding 1.5·2²³ rounds to an integer, which then lies in the low bits.
  let magic = Vector(repeating: 0x1.8p23)
  let least = Vector(repeating: -87)
  let x = power.replacing(with: least, where: least .> power)
  let shifted = x * Vector(repeating: 1.442695) + magic
  let n = shifted - magic
  // ln 2 in two parts, the first short enough for n times it to be exact.
  var r = x
  multiplyAdd(&r, n, Vector(repeating: -0x1.63p-1))
  multiplyAdd(&r, n, Vector(repeating: 0x1.bd0106p-13))
  let terms: InlineArray<8, Float> = [
    1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1, 1,
  ]
  var series = Vector(repeating: terms[0])
  for term in 1..<8 {
    var next = Vector(repeating: terms[term])
    multiplyAdd(&next, series, r)
    series = next
  }
  let exponent = (unsafeBitCast(shifted, to: Vector.MaskStorage.self) &+ 127) &<< 23
  let scaled = series * unsafeBitCast(exponent, to: Vector.self)
  return scaled.replacing(with: Vector(repeating: 0), where: least .> power)
}
