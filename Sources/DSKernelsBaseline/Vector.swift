#if arch(x86_64)
  import _Builtin_intrinsics.intel
#endif

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

/// `first > second ? first : second`, which is `second` where either is NaN.
///
/// On x86 by the instruction's name: from a comparison and a selection, which is what it computes, Swift 6.3 took the lanes of a
/// loop's bounds apart, and a depthwise tile that clamps its input was six to thirteen times slower than one that does not.
@inline(always)
func greater(_ first: Vector, _ second: Vector) -> Vector {
  #if arch(x86_64)
    _mm_max_ps(first, second)
  #else
    second.replacing(with: first, where: first .> second)
  #endif
}

/// `first < second ? first : second`.
@inline(always)
func lesser(_ first: Vector, _ second: Vector) -> Vector {
  #if arch(x86_64)
    _mm_min_ps(first, second)
  #else
    second.replacing(with: first, where: first .< second)
  #endif
}
