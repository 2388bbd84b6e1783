import Glibc

/// `exp` of the C library, named so that it reads as mathematics above.
enum Exponential {
  static func of(_ exponent: Double) -> Double { exp(exponent) }
}
