import Glibc

/// `exp` of the C library, named so that the reference reads as mathematics.
enum Exponential {
  static func of(_ exponent: Double) -> Double { exp(exponent) }
}
