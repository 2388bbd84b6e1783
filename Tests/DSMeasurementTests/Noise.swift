import DSCore
import Glibc

/// Seeded noise such as timings have.
struct Noise {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// Mean 0, standard deviation 1 (Box and Muller).
  mutating func normal() -> Double {
    let radius = (-2 * log(Double.random(in: 1e-300...1, using: &generator))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
  }

  /// Median 1, with the long right tail of interrupted runs.
  mutating func skewed(spread: Double = 0.5) -> Double { exp(spread * normal()) }
}
