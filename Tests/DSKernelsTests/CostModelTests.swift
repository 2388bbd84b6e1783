import DSCore
import DSKernels
import Testing

/// The model is good for an order, not for a number; these are the properties an order needs.
@Suite("The cost model")
struct CostModelTests {
  private static let workerCounts = [1, 2, 4, 8, 64]
  private static let instructionSets = FastKernelSet.all.map(\.instructionSet)
  private let registry = Registry.standard

  private func model(_ instructionSet: InstructionSet) -> CostModel {
    CostModel(
      machine: MachineDescription(
        cpu: "AuthenticAMD/26/2", instructionSet: instructionSet, cores: 64, processingUnits: 64,
        caches: [
          .init(level: 1, byteCount: 48 << 10), .init(level: 2, byteCount: 1 << 20),
          .init(level: 3, byteCount: 32 << 20, sharedByCores: 8, count: 8),
        ]))
  }

  private func best(
    _ problem: Problem, _ instructionSet: InstructionSet, workers: Int = 1
  ) throws -> Candidate {
    try #require(
      model(instructionSet).best(
        problem, registry: registry, upTo: instructionSet, workers: workers),
      "no kernel for '\(problem.key)'")
  }

  /// Two cores that declare the L3 of eight share it with others: their map of 11 MB is to be read once.
  @Test("A map beyond the L3 that cores may count on is multiplied in strips", arguments: [2, 8])
  func largeMapsInStrips(cores: Int) throws {
    let model = CostModel(
      machine: MachineDescription(
        cpu: "AuthenticAMD/25/1", instructionSet: .avx2, cores: cores, processingUnits: cores,
        caches: [
          .init(level: 1, byteCount: 32 << 10), .init(level: 2, byteCount: 512 << 10),
          .init(level: 3, byteCount: 32 << 20, sharedByCores: cores),
        ]))
    let problem = try Problem(key: "pointwise 147x147x128->128 none f32")
    let best = try #require(
      model.best(problem, registry: registry, upTo: .avx2, workers: 1))
    let stripTiles = try #require(best.kernel.named(best.values)["stripTiles"])
    #expect((stripTiles > 1) == (cores == 2), "\(best.label)")
  }

  /// Measured on Zen 5; a worker with an odd number of rows is left with a row that has tiles of one.
  @Test(
    "Narrow depthwise maps go in tiles of two rows, wide ones and odd shares in wide tiles of one",
    .enabled(if: FastKernelSet.all.count > 1))
  func depthwiseTileRows() throws {
    func columns(_ map: String, workers: Int = 1) throws -> Int? {
      let problem = try Problem(key: "depthwise 3x3 s1 p1,1 \(map) relu6 f32")
      let best = try best(problem, .avx512, workers: workers)
      return best.kernel.named(best.values)["columns"]
    }
    #expect(try columns("14x14x512") == 7)
    #expect(try columns("28x28x192") == 14)
    #expect(try columns("56x56x128") == 14)
    #expect(try columns("14x14x512", workers: 2) == 14)
  }

  @Test(
    "Every problem has a best candidate, the same one each time", arguments: instructionSets,
    workerCounts)
  func bestExists(instructionSet: InstructionSet, workers: Int) throws {
    let model = model(instructionSet)
    for problem in NetworkProblems.tested {
      let first = try best(problem, instructionSet, workers: workers)
      let again = try best(problem, instructionSet, workers: workers)
      #expect(first.label == again.label)
      #expect(first.predictedMicroseconds == again.predictedMicroseconds)
      #expect(first.kernel.instructionSet <= instructionSet)
      #expect((1...workers).contains(first.workers))
      #expect(first.kernel.multipliesAsWritten)
      let areSane = model.candidates(
        problem, registry: registry, upTo: instructionSet, workers: workers
      ).allSatisfy {
        let time = $0.predictedMicroseconds
        return time > 0 && time.isFinite
          && (time >= first.predictedMicroseconds || !$0.kernel.multipliesAsWritten)
      }
      #expect(areSane, "'\(problem.key)'")
    }
  }

  @Test("A kernel's prediction does not depend on its name", arguments: instructionSets)
  func namesDoNotMatter(instructionSet: InstructionSet) throws {
    let model = model(instructionSet)
    for window in ["any", "3x3s1"] {
      let id = "f32-depthwise-\(window)-simd__\(instructionSet.rawValue)"
      let kernel = try registry.kernel(id: id)
      let other = kernel.variant(id: window == "any" ? "renamed" : "f32-any-renamed")
      let problem = try Problem(
        key: "depthwise \(window == "any" ? "3x3 s3" : "3x3 s1") p1,1 30x30x64 relu6 f32")
      let values = try #require(
        kernel.candidates(.init(problem: problem, workers: 1)).max { $0.p0 < $1.p0 })
      #expect(
        model.predictedMicroseconds(kernel, problem, values, workers: 1)
          == model.predictedMicroseconds(other, problem, values, workers: 1))
    }
  }

  @Test("A vector kernel is the default wherever there is one", arguments: instructionSets)
  func vectorFirst(instructionSet: InstructionSet) throws {
    for problem in NetworkProblems.tested where problem.operation != .softmax {
      for workers in [1, 2] {
        let kernel = try best(problem, instructionSet, workers: workers).kernel
        #expect(kernel.channelBlock != nil, "\(kernel.id) on '\(problem.key)'")
        #expect(kernel.instructionSet == instructionSet)
      }
    }
  }

  @Test("Kernels that one thread runs are predicted, and planned, for one")
  func singleThreaded() throws {
    let problem = try Problem(key: "pointwise 56x56x128->128 relu6 f32")
    for candidate in model(.avx2).candidates(problem, registry: registry, upTo: .avx2, workers: 4) {
      #expect(candidate.workers == (candidate.kernel.isParallel ? 4 : 1), "\(candidate.label)")
    }
  }

  @Test("More workers never make the default slower", arguments: instructionSets)
  func moreWorkers(instructionSet: InstructionSet) throws {
    for problem in NetworkProblems.tested where problem.stages.count == 1 {
      let alone = try best(problem, instructionSet).predictedMicroseconds
      for workers in Self.workerCounts {
        let shared = try best(problem, instructionSet, workers: workers).predictedMicroseconds
        #expect(shared <= alone, "'\(problem.key)' × \(workers)")
      }
    }
  }

  @Test(
    "Twice the work takes no less time",
    arguments: [
      ["pointwise 14x14x64->64 relu f32", "pointwise 14x28x64->64 relu f32"],
      ["pointwise 14x14x64->64 relu f32", "pointwise 14x14x128->64 relu f32"],
      ["pointwise 14x14x64->64 relu f32", "pointwise 14x14x64->128 relu f32"],
      ["pointwise 19x19x728->728 relu f32", "pointwise 37x37x728->728 relu f32"],
      ["depthwise 3x3 s1 p1,1 14x14x64 none f32", "depthwise 3x3 s1 p1,1 14x14x128 none f32"],
      ["depthwise 3x3 s1 p1,1 14x14x64 none f32", "depthwise 3x3 s1 p1,1 28x14x64 none f32"],
      ["depthwise 3x3 s1 p1,1 28x28x64 none f32", "depthwise 5x5 s1 p2,2 28x28x64 none f32"],
      ["standard 3x3 s1 p1,1 28x28x32->32 none f32", "standard 3x3 s1 p1,1 28x28x64->32 none f32"],
      ["dense 1x1x1024->1000 none f32", "dense 1x1x2048->1000 none f32"],
      ["maxpool 3x3 s2 p1,1 37x37x128 none f32", "maxpool 3x3 s2 p1,1 37x37x256 none f32"],
      [
        "separable 3x3 s1 p1,1 14x14x256->256 relu6,relu6 f32",
        "separable 3x3 s1 p1,1 14x14x256->512 relu6,relu6 f32",
      ],
    ], instructionSets)
  func monotone(keys: [String], instructionSet: InstructionSet) throws {
    let times = try keys.map {
      try best(Problem(key: $0), instructionSet).predictedMicroseconds
    }
    #expect(times[0] <= times[1])
  }

  @Test("A wider instruction set is never predicted slower")
  func widerIsFaster() throws {
    for problem in NetworkProblems.tested where problem.multiplyAdds > 0 {
      let times = try Self.instructionSets.map { try best(problem, $0).predictedMicroseconds }
      #expect(times == times.sorted(by: >), "'\(problem.key)': \(times)")
    }
  }

  @Test("A label names kernel, parameters and workers")
  func label() throws {
    let kernel = try registry.kernel(id: "f32-pointwise-threaded__baseline")
    let values = try kernel.values(named: ["rows": 3, "vectors": 2, "stripTiles": 0, "rowParts": 2])
    let candidate = Candidate(
      kernel: kernel, values: values, workers: 2, predictedMicroseconds: 1)
    #expect(
      candidate.label
        == "f32-pointwise-threaded__baseline rows=3 vectors=2 stripTiles=0 rowParts=2 x2")
  }
}
