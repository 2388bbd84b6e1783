import DSCore
import DSKernels
import DSTuning
import Foundation
import Testing

/// Many real races between things that do not differ. Minutes of measuring, so only where it is asked for:
/// `Scripts/tuning-honesty` does, and keeps what is printed.
@Suite struct HonestyTests {
  private static let races = ProcessInfo.processInfo.environment["DSTUNE_HONESTY_RACES"]
    .flatMap { Int($0) }

  /// Every candidate is there twice: with a parameter that does nothing at 0, and at 1.
  @Test(.enabled(if: races != nil, "real races, only on demand"))
  func aParameterThatDoesNothingIsTiedAndNeverWins() throws {
    let races = try #require(Self.races)
    let network = try TuningSamples.tinyNetwork()
    let problem = try #require(network.layers.first { $0.problem.operation == .pointwise }).problem
    let registry = Registry(
      Registry.standard.kernels.map { kernel in
        kernel.operation == .pointwise && kernel.method == .simd
          ? kernel.variant(id: kernel.id, idleParameter: ("nothing", 0...1)) : kernel
      })
    var (wins, copies, ties, faster) = (0, 0, 0, 0)
    for seed in 1...races {
      var request = TuningSamples.request(network)
      request.seed = UInt64(seed)
      // No whole network: it cannot tell what does not differ, and takes most of the time.
      request.shard = Shard(index: 0, count: 1, problems: [problem.key], references: [])
      let result = try TuningSamples.tuner(request, registry: registry).tune()
      let race = try #require(result.results.first { $0.space.problem == problem })
      let winner = race.winner.kernel.named(race.winner.values)
      wins += winner["nothing"] == 1 ? 1 : 0
      faster += race.winner.label != race.space.reference.label ? 1 : 0
      let twin = winner.merging(["nothing": 1 - (winner["nothing"] ?? 0)]) { $1 }
      // An audited candidate races without its copy, which the model cannot tell from it.
      copies += race.space.candidates.contains { $0.kernel.named($0.values) == twin } ? 1 : 0
      ties += race.ties.contains { $0.kernel.named($0.values) == twin } ? 1 : 0
    }
    print("races: \(races)")
    print("won by the parameter that does nothing: \(wins)")
    print("with the winner's copy: \(copies)")
    print("tied with the winner's copy: \(ties)")
    print("won by another kernel than the default: \(faster)")
    #expect(wins == 0)
    #expect(Double(ties) >= 0.95 * Double(copies))
    #expect(2 * copies >= races)
  }
}
