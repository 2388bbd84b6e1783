/// A pair of 128-bit registers: a channel block of eight floats.
typealias Vector = SIMD8<Float>

/// SSE2 has no fused multiply-add: `addProduct` would call `fmaf` for every element there.
@inline(always)
func multiplyAdd(_ sum: inout Vector, _ left: Vector, _ right: Vector) {
  #if arch(arm64)
    sum.addProduct(left, right)
  #else
    sum += left * right
  #endif
}
