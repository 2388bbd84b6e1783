import CAllocationCounter
import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import Synchronization
import Testing

@Suite("Sessions")
struct SessionTests {
  /// Room for one count a worker, written by it alone.
  private final class Counts: @unchecked Sendable {
    let values: UnsafeMutableBufferPointer<UInt64>

    init(workers: Int) {
      values = .allocate(capacity: workers)
      values.initialize(repeating: 0)
    }

    deinit { values.deallocate() }
  }

  private static let countsAllocations = ConditionTrait.enabled(
    if: ca_counts() != 0, "a sanitizer has a malloc of its own")

  @Test(
    "An inference allocates nothing, on any of its threads", countsAllocations,
    arguments: Model.allCases, [1, 2, 3])
  func noAllocation(model: Model, workers: Int) throws {
    let network = try SampleNetworks.smallest(model)
    let prepared = try PreparedNetwork(
      seeded: NetworkPlan(network, workers: workers, fusing: { _ in workers == 3 }))
    let pool = try WorkerPool(workers: workers)
    let session = try prepared.makeSession(sharing: pool)
    let counts = Counts(workers: workers)
    /// Allocations of each thread since the last call.
    let note: @Sendable (Int) -> Void = { worker in
      counts.values[worker] = ca_allocations_of_this_thread() - counts.values[worker]
    }
    let image = network.image()
    var probabilities = [Float](repeating: 0, count: prepared.outputCount)
    try session.run(image, into: &probabilities)

    pool.run(note)
    for _ in 0..<5 { try session.run(image, into: &probabilities) }
    image.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      for _ in 0..<5 { _ = session.timedRun(base) }
    }
    pool.run(note)
    #expect(Array(counts.values) == [UInt64](repeating: 0, count: workers))
  }

  /// A kernel of each step counts its calls; the workers' caches and the mapped code follow from having run.
  @Test("A session has run once when it is made, on all threads, unless nobody wants it to")
  func rehearsal() throws {
    let network = try SampleNetworks.smallest(.mobileNetV2)
    let calls = Atomic(0)
    let registry = Registry(
      Registry.standard.kernels.map { kernel in
        kernel.variant(id: kernel.id) { call, worker, workers in
          calls.add(1, ordering: .relaxed)
          kernel.run(call, worker, workers)
        }
      })
    let plan = try NetworkPlan(
      network, choices: [:], model: .live, instructionSet: Registry.bestInstructionSet,
      workers: 2, registry: registry)
    let prepared = try PreparedNetwork(seeded: plan)
    _ = try prepared.makeSession(rehearses: false)
    #expect(calls.load(ordering: .relaxed) == 0)
    let session = try prepared.makeSession()
    let rehearsed = calls.load(ordering: .relaxed)
    #expect(rehearsed > 0)
    let expected = try prepared.prediction(network.image()).scores
    let after = calls.load(ordering: .relaxed)
    #expect(after == 2 * rehearsed, "PreparedNetwork's own session does not run twice")
    #expect(try session.scores(network.image()) == expected)
  }

  /// If the counter did not replace the process's malloc, the test above could not fail.
  @Test("The allocation counter counts", countsAllocations)
  func counterCounts() {
    let before = ca_allocations_of_this_thread()
    let arrays = (0..<10).map { [Int](repeating: $0, count: 100) }
    #expect(ca_allocations_of_this_thread() >= before + 10)
    #expect(arrays.count == 10)
  }

  @Test("A profiled run has a time for each step")
  func profile() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let prepared = try PreparedNetwork(
      seeded: NetworkPlan(network, workers: 2, fusing: { _ in true }))
    let session = try prepared.makeSession()
    let image = network.image()
    let expected = try session.scores(image)
    let profile = image.withUnsafeBytes { bytes in
      bytes.baseAddress.map { session.profiledRun($0) }
    }
    let (total, steps) = try #require(profile)
    #expect(steps.count == prepared.plan.steps.count)
    #expect(steps.reduce(0, +) <= total)
    #expect(try session.scores(image) == expected)
  }

  @Test("Scores and probabilities of one inference are those of two", arguments: [1, 3])
  func prediction(batch: Int) throws {
    let network = try SampleNetworks.smallest(.mobileNetV2, batch: batch)
    let prepared = try PreparedNetwork(seeded: NetworkPlan(network, fusing: { _ in false }))
    let session = try prepared.makeSession()
    let image = network.image()
    for prediction in try [session.prediction(image), prepared.prediction(image)] {
      #expect(try prediction.scores == session.scores(image))
      #expect(try prediction.probabilities == session.run(image))
    }
    #expect(throws: RuntimeError.wrongInputCount(given: 1, needed: prepared.inputCount)) {
      try session.prediction([0])
    }
  }

  @Test("A session outlives its network, and neither keeps the other")
  func lifetimes() throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let image = network.image()
    weak var freed: PreparedNetwork?
    weak var freedPool: WorkerPool?
    let (session, expected) = try {
      let prepared = try PreparedNetwork(
        seeded: NetworkPlan(network, workers: 2, fusing: { _ in false }))
      freed = prepared
      let pool = try WorkerPool(workers: 2)
      freedPool = pool
      _ = try prepared.makeSession(sharing: pool).run(image)
      return (try prepared.makeSession(), try prepared.run(image))
    }()
    #expect(freed == nil && freedPool == nil)
    #expect(try session.run(image) == expected)
    #expect(session.plan.network == network)
  }

  @Test("The probabilities are the softmax of the scores")
  func scores() throws {
    let network = try SampleNetworks.smallest(.mobileNetV2, batch: 2)
    let session = try PreparedNetwork(
      seeded: NetworkPlan(network, fusing: { _ in false })
    ).makeSession()
    let image = network.image()
    let scores = try session.scores(image)
    let probabilities = try session.run(image)
    for row in 0..<2 {
      let range = row * 1000..<(row + 1) * 1000
      let order = range.sorted { scores[$0] > scores[$1] }
      #expect(zip(order, order.dropFirst()).allSatisfy { probabilities[$0] >= probabilities[$1] })
      #expect((probabilities[range].reduce(0, +) - 1).magnitude < 1e-5)
    }
  }
}
