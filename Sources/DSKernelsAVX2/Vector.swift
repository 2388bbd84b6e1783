/// One 256-bit register: a channel block of eight floats.
typealias Vector = SIMD8<Float>

@inline(always)
func multiplyAdd(_ sum: inout Vector, _ left: Vector, _ right: Vector) {
  sum.addProduct(left, right)
}
