/// One 256-bit register: a channel block of eight floats.
typealias Vector = SIMD8<Float>

/// Only named: there are no tiles for it, as half of this register takes the time of a whole one.
typealias HalfVector = SIMD4<Float>

@inline(always)
func multiplyAdd(_ sum: inout Vector, _ left: Vector, _ right: Vector) {
  sum.addProduct(left, right)
}

@inline(always)
func multiplyAdd(_ sum: inout HalfVector, _ left: HalfVector, _ right: HalfVector) {
  sum.addProduct(left, right)
}

/// `first > second ? first : second`, which is `second` where either is NaN: what `vmaxps` computes, signed zeros included.
///
/// The order of the comparison matters: written as `second < first` it became a comparison and a masked move each (Swift 6.3). So did
/// a bound that was spread over the lanes on the spot: it was spread twice, and the comparison no longer had the operand of the
/// selection. That is why jobs hold their bounds as vectors. `clamped(lowerBound:upperBound:)` and `pointwiseMax` are calls: one of
/// them in a tile's epilogue made the whole kernel up to ten times slower.
@inline(always)
func greater(_ first: Vector, _ second: Vector) -> Vector {
  second.replacing(with: first, where: first .> second)
}

/// `first < second ? first : second`: `vminps`.
@inline(always)
func lesser(_ first: Vector, _ second: Vector) -> Vector {
  second.replacing(with: first, where: first .< second)
}
