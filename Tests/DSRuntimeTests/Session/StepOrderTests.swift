import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import Glibc
import Synchronization
import Testing

@Suite("Who waits for whom")
struct StepOrderTests {
  private static let layout = TensorLayout(
    shape: FeatureShape(height: 8, width: 8, channels: 32), channelBlock: 16)

  /// Rows of a map at `offset`, of all channels.
  private func rows(_ rows: Range<Int>, at offset: Int = 0) -> ArenaPart {
    ArenaPart(
      MapPart(blocks: 0..<2, pixels: rows.lowerBound * 8..<rows.upperBound * 8), of: Self.layout,
      offset: offset)
  }

  @Test("Parts overlap where they share rows of a block, or bytes")
  func overlap() {
    let size = Self.layout.byteCount
    #expect(rows(0..<4).overlaps(rows(3..<5)))
    #expect(!rows(0..<4).overlaps(rows(4..<8)))
    #expect(!rows(0..<4).overlaps(rows(0..<4, at: size)))
    // A map that begins with the other's second plane: the same raster.
    #expect(rows(0..<4).overlaps(rows(3..<5, at: Self.layout.planeBytes)))
    #expect(!rows(0..<4).overlaps(rows(4..<8, at: Self.layout.planeBytes)))
    // Off the raster the bytes from first to last count.
    #expect(rows(0..<4).overlaps(rows(4..<8, at: 64)))
    #expect(!rows(0..<4).overlaps(rows(0..<4, at: size + 64)))
    #expect(!rows(0..<0).overlaps(rows(0..<4)))
  }

  /// A pointwise layer (0), a depthwise one that needs a row of its neighbours (1), and a pointwise one (2), whose
  /// output takes the first one's place.
  @Test("Only neighbours wait, and only for what they need")
  func neighbours() {
    let size = Self.layout.byteCount
    func access(_ step: Int, _ worker: Int) -> StepOrder.Access {
      let own = worker * 2..<worker * 2 + 2
      let halo = max(0, own.lowerBound - 1)..<min(8, own.upperBound + 1)
      switch step {
      case 0: return .init(writes: [rows(own)])
      case 1: return .init(reads: [rows(halo)], writes: [rows(own, at: size)])
      default: return .init(reads: [rows(own, at: size)], writes: [rows(own)])
      }
    }
    let order = StepOrder(
      (0..<3).map { step in (0..<4).map { access(step, $0) } }, workers: 4)
    typealias Wait = StepOrder.Wait
    #expect(
      order.waits == [
        // Step 2 overwrites rows that the neighbour reads in step 1.
        [Wait(step: 1, worker: 1, stepsDone: 1), Wait(step: 2, worker: 1, stepsDone: 2)],
        [
          Wait(step: 1, worker: 0, stepsDone: 1), Wait(step: 1, worker: 2, stepsDone: 1),
          Wait(step: 2, worker: 0, stepsDone: 2), Wait(step: 2, worker: 2, stepsDone: 2),
        ],
        [
          Wait(step: 1, worker: 1, stepsDone: 1), Wait(step: 1, worker: 3, stepsDone: 1),
          Wait(step: 2, worker: 1, stepsDone: 2), Wait(step: 2, worker: 3, stepsDone: 2),
        ],
        [Wait(step: 1, worker: 2, stepsDone: 1), Wait(step: 2, worker: 2, stepsDone: 2)],
      ])
  }

  /// A pointwise layer (0) whose workers help each other, and another (1) that reads its own rows of it.
  @Test("Whoever may have helped is waited for, but nobody before a step in which he will")
  func helpers() {
    let size = Self.layout.byteCount
    let accesses = (0..<2).map { step in
      (0..<3).map { worker in
        let own = worker * 2..<worker * 2 + 2
        return StepOrder.Access(
          reads: [rows(own, at: step * size)], writes: [rows(own, at: (step + 1) * size)])
      }
    }
    let alone = StepOrder(accesses, workers: 3)
    #expect(alone.waits == [[], [], []])
    typealias Wait = StepOrder.Wait
    #expect(
      StepOrder(accesses, shared: [0], workers: 3).waits
        == (0..<3).map { worker in
          (0..<3).filter { $0 != worker }.map { Wait(step: 1, worker: $0, stepsDone: 1) }
        })
    #expect(StepOrder(accesses, shared: [1], workers: 3).waits == alone.waits)
  }

  @Test("Two workers of a real network do not meet after every step", arguments: Model.allCases)
  func fewerThanSteps(model: Model) throws {
    let plan = try NetworkPlan(SampleNetworks.smallest(model), workers: 2) { _ in false }
    let session = try PreparedNetwork(seeded: plan).makeSession()
    let waits = try #require(session.order).waits
    #expect(waits.allSatisfy { $0.count < plan.steps.count && !$0.isEmpty })
  }

  /// Workers that are late at random, by far more than a step takes: what waits for too little computes nonsense.
  @Test(
    "However late a worker is, the bits are the same", arguments: Model.allCases, [2, 3, 4])
  func lateWorkers(model: Model, workers: Int) throws {
    let network = try SampleNetworks.smallest(model)
    let registry = Registry(
      Registry.standard.kernels.map { kernel in
        kernel.variant(id: kernel.id) { call, worker, workers in
          var time = timespec()
          clock_gettime(CLOCK_MONOTONIC, &time)
          if (time.tv_nsec / 64 + worker * 7) % 5 == 0 { usleep(200) }
          kernel.run(call, worker, workers)
        }
      })
    for isFused in [false, true] {
      let expected = try PreparedNetwork(
        seeded: NetworkPlan(network, workers: 1) { _ in isFused }
      ).scores(network.image())
      let choices = CostModel.live.choices(
        network.fusionGroups.filter { _ in isFused }.map(\.problem), registry: registry,
        workers: workers)
      for bandLimits in [BandLimits.never, BandedChainTests.always(ringBytes: 0)] {
        let plan = try NetworkPlan(
          network, choices: choices, model: .live, instructionSet: Registry.bestInstructionSet,
          workers: workers, registry: registry, bandLimits: bandLimits)
        let session = try PreparedNetwork(seeded: plan).makeSession()
        for _ in 0..<5 { #expect(try session.scores(network.image()) == expected) }
      }
    }
  }

  /// One worker stands still at the beginning of its share until others have taken a piece of it.
  @Test("Workers that are done help one that is not, and the bits are the same", arguments: [2, 3])
  func help(workers: Int) throws {
    let network = try SampleNetworks.smallest(.xception)
    let waits = Mutex(0)
    let pieces = Mutex(UInt32(0))
    let registry = Registry(
      Registry.standard.kernels.map { kernel in
        kernel.variant(id: kernel.id) { call, worker, workers in
          if let next = call.pointee.nextPiece, next.pointee == 0,
            waits.withLock({ value in
              value += 1
              return value == 1
            })
          {
            for _ in 0..<20_000 where next.pointee == 0 { usleep(1000) }
            pieces.withLock { $0 = next.pointee }
          }
          kernel.run(call, worker, workers)
        }
      })
    let expected = try PreparedNetwork(seeded: NetworkPlan(network, workers: 1) { _ in false })
      .scores(network.image())
    let plan = try NetworkPlan(
      network, choices: [:], model: .live, instructionSet: Registry.bestInstructionSet,
      workers: workers, registry: registry)
    let session = try PreparedNetwork(seeded: plan).makeSession()
    #expect(try session.scores(network.image()) == expected)
    #expect(pieces.withLock { $0 } > 0)
  }

  @Test("More workers than flags are for meet at barriers", arguments: [16, 17])
  func manyWorkers(workers: Int) throws {
    let network = try SampleNetworks.smallest(.mobileNetV1)
    let expected = try PreparedNetwork(seeded: NetworkPlan(network) { _ in false })
      .scores(network.image())
    let session = try PreparedNetwork(seeded: NetworkPlan(network, workers: workers) { _ in false })
      .makeSession()
    #expect((session.order == nil) == (workers > 16))
    #expect(try session.scores(network.image()) == expected)
  }
}
