/// Runs fused multiply-adds on registers alone; the rate is the core's arithmetic roof.
///
/// Twelve independent sums cover the latency of two units (four cycles each) with a margin.
///
/// - Returns: the floating-point operations done.
@inline(never)
public func runArithmeticRoof(repetitions: Int, sink: UnsafeMutableRawPointer) -> Int {
  var sums = InlineArray<12, Vector> { _ in load(UnsafeRawPointer(sink), 0) }
  let factor = load(UnsafeRawPointer(sink), 1)
  for _ in 0..<repetitions {
    for i in 0..<12 { multiplyAdd(&sums[i], factor, factor) }
  }
  var total = sums[0]
  for i in 1..<12 { total += sums[i] }
  store(total, sink, 0)
  return repetitions * 12 * lanes * 2
}

/// Reads `byteCount` bytes (a multiple of 1024) and folds them, as fast as the cache they lie in allows.
@inline(never)
public func runReadRoof(_ base: UnsafeRawPointer, byteCount: Int) -> Float {
  var sums = InlineArray<8, Vector> { _ in Vector(repeating: 0) }
  var address = base
  let end = base + byteCount / (8 * vectorBytes) * (8 * vectorBytes)
  while address < end {
    for i in 0..<8 { sums[i] += load(address, i) }
    address += 8 * vectorBytes
  }
  var total = sums[0]
  for i in 1..<8 { total += sums[i] }
  return total.sum()
}
