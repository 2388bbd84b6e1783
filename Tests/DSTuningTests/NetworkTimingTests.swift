import DSNetworks
import DSRuntime
import DSTuning
import Testing

@Suite struct NetworkTimingTests {
  /// Told to stop, it ends long before its time with a few samples of everything.
  @Test func stopsWhenAsked() throws {
    let network = try TuningSamples.tinyNetwork()
    let prepared = try PreparedNetwork(
      network, weights: SeededWeights(), options: RuntimeOptions(threads: 1))
    let image = SeededWeights().input(shape: network.input)
    var asked = 0
    let pool = try WorkerPool(workers: 1, processors: [])
    let probe = ArithmeticProbe(upTo: .baseline, pool: pool)
    let timing = NetworkTiming(
      try prepared.makeSession(sharing: pool), image: image, seconds: 1e6, probe: probe
    ) {
      asked += 1
      return asked > 3
    }
    #expect(timing.runMicroseconds.count == 4)
    #expect(timing.stepMicroseconds.count == prepared.plan.steps.count)
    #expect(timing.stepMicroseconds.allSatisfy { $0 > 0 } && timing.profiledMicroseconds > 0)
    #expect(try #require(timing.peakGigaflops) > 0)
  }
}
