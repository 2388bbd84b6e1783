/// One 512-bit register: a channel block of sixteen floats, a cache line.
typealias Vector = SIMD16<Float>

/// One 256-bit register.
typealias HalfVector = SIMD8<Float>

@inline(always)
func multiplyAdd(_ sum: inout Vector, _ left: Vector, _ right: Vector) {
  sum.addProduct(left, right)
}

@inline(always)
func multiplyAdd(_ sum: inout HalfVector, _ left: HalfVector, _ right: HalfVector) {
  sum.addProduct(left, right)
}
