/// One 512-bit register: a channel block of sixteen floats, a cache line.
typealias Vector = SIMD16<Float>

@inline(always)
func multiplyAdd(_ sum: inout Vector, _ left: Vector, _ right: Vector) {
  sum.addProduct(left, right)
}
