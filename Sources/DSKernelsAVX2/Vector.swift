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
