import DSCore
import DSRuntime
import Foundation
import TestSupport
import Testing

/// A network with seeded weights and input, and the logits Keras computes for it in Float64.
/// Made by `Scripts/verify-keras --fixtures`.
struct KerasFixture: Decodable, CustomTestStringConvertible {
  /// As on the command line: "mobilenet-v1", "mobilenet-v2" or "xception".
  let model: String
  let width: Double
  let resolution: Int
  let seed: UInt64
  private let logits: String

  var testDescription: String { "\(model) \(width) \(resolution)" }

  static func all() throws -> [KerasFixture] {
    try JSONDecoder().decode([KerasFixture].self, from: Fixtures.data("keras/networks.json"))
  }

  var weights: SeededWeights { SeededWeights(seed: seed) }

  /// NHWC, as it enters the network.
  var input: [Float] {
    weights.input(shape: FeatureShape(height: resolution, width: resolution, channels: 3))
  }

  /// The scores of the 1000 classes before the softmax.
  func expectedLogits() throws -> [Float] {
    try NumpyArray(contentsOf: Fixtures.path("keras/" + logits)).values
  }
}

@Suite struct KerasFixtureTests {
  @Test(arguments: try KerasFixture.all())
  func logitsCanTellARightNetworkFromAWrongOne(fixture: KerasFixture) throws {
    let logits = try fixture.expectedLogits()
    #expect(logits.count == 1000)
    #expect(logits.allSatisfy { $0.isFinite })
    let largest = try #require(logits.max())
    let smallest = try #require(logits.min())
    #expect(largest - smallest > 0.5)
    #expect(fixture.input.count == fixture.resolution * fixture.resolution * 3)
  }
}
