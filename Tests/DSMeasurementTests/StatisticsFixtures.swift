import Foundation

/// What SciPy and NumPy said; written by Scripts/make-statistics-fixtures.
enum StatisticsFixtures {
  struct Sample: Decodable, Sendable {
    struct Quantile: Decodable, Sendable { var p, value: Double }
    struct Interval: Decodable, Sendable {
      var confidence: Double
      var ends: [Double?]
    }

    var sample: [Double]
    var median, mad: Double
    var quantiles: [Quantile]
    var intervals: [Interval]
    var ranks: [Double]
  }

  struct Pair: Decodable, Sendable {
    var first, second: [Double]
    var statistic: Double
    var pValue: Double
  }

  struct Binomial: Decodable, Sendable {
    var count, step: Int
    var tail: [Double]
  }

  static func samples() throws -> [String: Sample] { try read("samples") }
  static func pairs() throws -> [String: Pair] { try read("pairs") }
  static func binomials() throws -> [Binomial] { try read("binomial") }

  private static func read<Content: Decodable>(_ name: String) throws -> Content {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let url = tests.appending(path: "Fixtures/statistics/\(name).json")
    return try decoder.decode(Content.self, from: Data(contentsOf: url))
  }
}

/// Relative to the larger of both, absolute below 1.
func isClose(_ value: Double, _ expected: Double, tolerance: Double = 1e-9) -> Bool {
  (value - expected).magnitude <= tolerance * max(1, value.magnitude, expected.magnitude)
}
