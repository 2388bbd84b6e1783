import DSCore
import DSRuntime
import Foundation
import TestSupport
import Testing

@Suite struct SeededWeightsTests {
  /// A tensor as `Scripts/weights` made it.
  struct Sample: Decodable, CustomTestStringConvertible {
    var name: String
    var shape: [Int]
    var role: String
    var firstBits: [UInt32]
    var hash: String

    enum CodingKeys: String, CodingKey {
      case name, shape, role, hash
      case firstBits = "first_bits"
    }

    var testDescription: String { name }

    var tensorRole: TensorRole? {
      let taps = shape.dropLast(2).reduce(1, *)
      return switch role {
      case "kernel": .kernel(fanIn: taps * shape[shape.count - 2], normalised: true)
      case "kernel without normalisation":
        .kernel(fanIn: taps * shape[shape.count - 2], normalised: false)
      case "depthwise kernel": .kernel(fanIn: taps, normalised: true)
      case "depthwise kernel without normalisation": .kernel(fanIn: taps, normalised: false)
      case "bias": .bias
      case "gamma": .gamma
      case "beta": .beta
      case "mean": .mean
      case "variance": .variance
      default: nil
      }
    }
  }

  static func samples() throws -> [Sample] {
    try JSONDecoder().decode([Sample].self, from: Fixtures.data("keras/seeded-weights.json"))
  }

  @Test func everyRoleIsSampled() throws {
    #expect(Set(try Self.samples().map(\.role)).count == 9)
  }

  @Test(arguments: try samples())
  func equalsPythonBitForBit(sample: Sample) throws {
    let role = try #require(sample.tensorRole, "\(sample.role)")
    let slice = try SeededWeights().tensor(
      named: [sample.name, "another name"], shape: sample.shape, role: role)
    let values = slice.withValues(Array.init)
    #expect(values.prefix(4).map(\.bitPattern) == sample.firstBits)
    let hash = values.withUnsafeBytes { FNV1a.hash($0) }
    #expect(hash == UInt64(sample.hash, radix: 16))
  }

  @Test func seedsAndNamesGiveOtherValues() throws {
    func values(_ name: String, seed: UInt64) throws -> [Float] {
      try SeededWeights(seed: seed).tensor(named: [name], shape: [8], role: .beta)
        .withValues(Array.init)
    }
    let reference = try values("a/beta", seed: 1)
    #expect(try values("a/beta", seed: 1) == reference)
    #expect(try values("b/beta", seed: 1) != reference)
    #expect(try values("a/beta", seed: 2) != reference)
  }

  @Test func inputIsAnImageInRange() {
    let input = SeededWeights().input(shape: FeatureShape(height: 8, width: 8, channels: 3))
    #expect(input.count == 192)
    #expect(input.allSatisfy { (-1..<1).contains($0) })
    #expect(Set(input).count > 180)
  }

  @Test func foldsLikeAFile() throws {
    let folded = try SeededWeights().foldedConvolution(
      kernelNames: ["conv1/kernel"], kernelShape: [3, 3, 3, 8], fanIn: 27,
      batchNormalization: "conv1_bn")
    #expect(folded.weights.count == 216 && folded.bias.count == 8)
    #expect(folded.weights.allSatisfy { abs($0) < 2 })
  }
}
