/// One 128-bit register: a channel block of four floats.
///
/// Pairs of registers (a block of eight) were tried first: sixteen registers then hold so few sums that
/// almost every depthwise tile spilled.
typealias Vector = SIMD4<Float>

/// Only named: there are no tiles for it, as half of this register takes the time of a whole one.
typealias HalfVector = SIMD2<Float>

/// SSE2 has no fused multiply-add: `addProduct` would call `fmaf` for every element there.
@inline(always)
func multiplyAdd(_ sum: inout Vector, _ left: Vector, _ right: Vector) {
  #if arch(arm64)
    sum.addProduct(left, right)
  #else
    sum += left * right
  #endif
}

@inline(always)
func multiplyAdd(_ sum: inout HalfVector, _ left: HalfVector, _ right: HalfVector) {
  sum += left * right
}
