import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule
import Testing

@Suite struct MicroBatchSessionTests {
  @Test("Six images in micro-batches give what each gives alone", arguments: Model.allCases)
  func sameResults(model: Model) throws {
    let single = try SampleNetworks.smallest(model)
    let six = try SampleNetworks.smallest(model, batch: 6)
    let images = (0..<6).map { single.image(seed: $0) }
    let alone = try PreparedNetwork(seeded: NetworkPlan(single, fusing: { _ in false }))
      .makeSession()
    let expected = try images.map { try alone.prediction($0) }
    #expect(expected[0].scores != expected[5].scores)
    for (count, workers, isFused) in [(1, 1, false), (2, 2, true), (3, 2, false), (6, 1, true)] {
      let network = six.inMicroBatches(of: count)
      let prepared = try PreparedNetwork(
        seeded: NetworkPlan(network, workers: workers, fusing: { _ in isFused }))
      #expect(prepared.inputCount == 6 * single.input.elementCount)
      #expect(prepared.outputCount == 6 * single.classCount)
      let session = try prepared.makeSession()
      let all = images.flatMap(\.self)
      // Twice: the second finds what the last micro-batch of the first left.
      for _ in 0..<2 {
        let found = try session.prediction(all)
        #expect(found.scores == expected.flatMap(\.scores))
        #expect(found.probabilities == expected.flatMap(\.probabilities))
        #expect(try session.run(all) == found.probabilities)
      }
    }
  }

  @Test func profilesCoverAllMicroBatches() throws {
    let network = try SampleNetworks.smallest(.mobileNetV2, batch: 8).inMicroBatches(of: 1)
    let session = try PreparedNetwork(seeded: NetworkPlan(network) { _ in false }).makeSession()
    var (all, explained): (UInt64, UInt64) = (0, 0)
    try network.image().withUnsafeBytes { bytes in
      let image = try #require(bytes.baseAddress)
      for _ in 0..<50 {
        let (total, steps) = session.profiledRun(image)
        #expect(steps.count == session.plan.steps.count)
        let sum = steps.reduce(0, +)
        #expect(sum <= total)
        all += total
        explained += sum
      }
    }
    // Of one micro-batch alone the steps would be an eighth; whoever is interrupted is so inside a step nearly always.
    #expect(explained > all / 4)
    #expect(session.plan.flops == 2 * network.cost.multiplyAdds)
  }

  /// Eight images of 112×112×64 are 26 MB, and the machine has 1 MiB of L2 a core.
  private static let model = CostModel(machine: SampleSchedule.machine)

  private static func best(_ network: Network, workers: Int = 2) -> Int {
    network.inBestMicroBatches(model, upTo: .avx512, workers: workers).microBatch
  }

  @Test func largeNetworksGoImageByImageAndSmallOnesTogether() throws {
    let large = try Network(model: .mobileNetV1, batch: 8)
    let small = try Network(model: .mobileNetV2, width: 0.35, resolution: 96, batch: 8)
    for workers in [1, 2] {
      #expect(Self.best(large, workers: workers) <= 2)
      #expect(Self.best(small, workers: workers) >= 4)
    }
    for batch in [1, 7] {
      let network = try Network(model: .mobileNetV1, batch: batch)
      #expect(batch % Self.best(network) == 0)
    }
  }

  @Test func aScheduleBringsItsMicroBatches() throws {
    let six = try SampleNetworks.smallest(.mobileNetV1, batch: 6)
    for count in [1, 2, 3, 6] {
      let schedule = Self.schedule(six.inMicroBatches(of: count))
      let prepared = try PreparedNetwork(
        six, weights: SeededWeights(), schedule: schedule, options: RuntimeOptions(threads: 1))
      #expect(prepared.network.microBatch == count)
      #expect(prepared.scheduleReport.usedCount == schedule.entries.count)
    }
    // Four do not divide six: all entries are another network's.
    let other = try Self.schedule(SampleNetworks.smallest(.mobileNetV1, batch: 4))
    let prepared = try PreparedNetwork(
      six, weights: SeededWeights(), schedule: other, options: RuntimeOptions(threads: 1))
    #expect(prepared.scheduleReport.usedCount == 0)
  }

  private static func schedule(_ network: Network) -> Schedule {
    SampleSchedule(network, LiveMachine.current.description, workers: 1).schedule
  }
}
