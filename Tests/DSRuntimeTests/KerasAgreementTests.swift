import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule
import Foundation
import TestSupport
import Testing

/// Whole networks, by every instruction set, thread count and choice of kernels, against Keras's scores.
@Suite("Networks against Keras")
struct KerasAgreementTests {
  /// An instruction set of this CPU, and as many threads as it has cores for.
  struct Path: CustomTestStringConvertible {
    let instructionSet: InstructionSet
    let threads: Int

    var testDescription: String { "\(instructionSet.rawValue) x\(threads)" }
    var options: RuntimeOptions {
      RuntimeOptions(threads: threads, instructionSet: instructionSet)
    }
  }

  /// Emulated CPUs take minutes for Xception.
  static let fixtures = Result {
    try KerasFixture.all().filter { !TestEffort.isQuick || $0.model != "xception" }
  }
  static let instructionSets = InstructionSet.allCases.filter { $0 <= Registry.bestInstructionSet }
  static let threadCounts = [1, 2].filter { $0 <= LiveMachine.current.processors.count }
  static let paths = instructionSets.flatMap { set in
    threadCounts.map { Path(instructionSet: set, threads: $0) }
  }

  // MARK: - Default kernels

  @Test(arguments: try fixtures.get(), paths)
  func defaultKernelsAgree(fixture: KerasFixture, path: Path) throws {
    let network = try fixture.network()
    let prepared = try PreparedNetwork(network, weights: fixture.weights, options: path.options)
    let session = try prepared.makeSession()
    let scores = try session.scores(fixture.input)
    try fixture.expectAgreement(of: scores)

    let probabilities = try session.run(fixture.input)
    let largest = try #require(scores.max())
    let powers = scores.map { exp(Double($0 - largest)) }
    let sum = powers.reduce(0, +)
    for (probability, power) in zip(probabilities, powers) {
      #expect(abs(Double(probability) - power / sum) < 1e-6)
    }
  }

  @Test(
    "Two threads give the bits of one", .enabled(if: threadCounts.contains(2), "one core"),
    arguments: try fixtures.get(), instructionSets)
  func threadsGiveTheSameBits(fixture: KerasFixture, instructionSet: InstructionSet) throws {
    let scores = try Self.threadCounts.map { threads in
      try fixture.scores(Path(instructionSet: instructionSet, threads: threads))
    }
    #expect(scores[0].map(\.bitPattern) == scores[1].map(\.bitPattern))
  }

  // MARK: - Kernels out of a schedule

  /// Pairs alone, then the longest blocks there are; with the first, middle and last candidate.
  @Test("Fused blocks give the bits of single layers", arguments: try fixtures.get(), paths)
  func fusedBlocksGiveTheSameBits(fixture: KerasFixture, path: Path) throws {
    let network = try fixture.network()
    let unfused = try fixture.scores(path)
    let fusible = Set(network.fusionGroups.map(\.problem.operation))
    #expect(fusible.contains(.separable))
    for operators in Set([[.separable], fusible]) {
      for pick in 0..<3 {
        let schedule = try Schedule(network, path) { problem, kernel in
          kernel.method == .fused && operators.contains(problem.operation)
            && kernel.instructionSet == path.instructionSet
        } value: { candidates in
          candidates[pick * (candidates.count - 1) / 2]
        }
        let fused = try fixture.scores(path, schedule: schedule)
        #expect(fused.map(\.bitPattern) == unfused.map(\.bitPattern), "\(operators), \(pick)")
      }
    }
  }

  /// No tuner would choose them, but a schedule may: rungs of every kind side by side.
  @Test(arguments: try fixtures.get(), paths)
  func randomKernelsAgree(fixture: KerasFixture, path: Path) throws {
    for seed in UInt64(1)...2 {
      var generator = SeededGenerator(seed: seed)
      let schedule = try Schedule(fixture.network(), path) { _, kernel in
        kernel.method != .fused || generator.next() % 2 == 0
      } value: { candidates in
        candidates[Int(generator.next() % UInt64(candidates.count))]
      }
      try fixture.expectAgreement(of: fixture.scores(path, schedule: schedule))
    }
  }

  /// Far from what anyone would try, and yet within the bounds that a schedule is held to.
  @Test(arguments: try fixtures.get().filter { $0.model != "xception" }, paths)
  func legalExtremesAgree(fixture: KerasFixture, path: Path) throws {
    for seed in UInt64(1)...4 {
      var generator = SeededGenerator(seed: seed)
      let schedule = try Schedule(fixture.network(), path) { _, kernel in
        !kernel.parameters.isEmpty && (kernel.method != .fused || generator.next() % 2 == 0)
      } value: { candidates in
        let kernel = candidates[Int(generator.next() % UInt64(candidates.count))].kernel
        while true {
          let extremes = kernel.parameters.map { axis in
            let ends = [axis.legal.lowerBound, axis.legal.upperBound]
            return (axis.name, ends[Int(generator.next() % 2)])
          }
          if let values = try? kernel.values(named: Dictionary(uniqueKeysWithValues: extremes)) {
            return KernelChoice(kernel: kernel, values: values, workers: path.threads)
          }
        }
      }
      try fixture.expectAgreement(of: fixture.scores(path, schedule: schedule))
    }
  }
}

extension KerasFixture {
  func network() throws -> Network {
    try Network(model: model, width: width, resolution: resolution)
  }

  /// Scores by the way an app takes; every entry of the schedule has to be used.
  fileprivate func scores(
    _ path: KerasAgreementTests.Path, schedule: Schedule? = nil
  ) throws -> [Float] {
    let prepared = try PreparedNetwork(
      network(), weights: weights, schedule: schedule, options: path.options)
    let report = prepared.scheduleReport
    #expect(report.notices.isEmpty && report.usedCount == schedule?.entries.count ?? 0)
    return try prepared.makeSession().scores(input)
  }

  /// Within 10⁻⁴ of the largest score, and the same five classes in front.
  fileprivate func expectAgreement(of scores: [Float]) throws {
    let expected = try expectedLogits()
    try #require(scores.count == expected.count)
    let largest = try #require(expected.map(\.magnitude).max())
    let difference = zip(scores, expected).map { ($0 - $1).magnitude }.max() ?? .infinity
    #expect(difference <= 1e-4 * largest, "off by \(difference / largest) of the largest")
    #expect(!scores.contains { $0.isNaN })
    func best(_ scores: [Float]) -> [Int] {
      Array(scores.indices.sorted { scores[$0] > scores[$1] }.prefix(5))
    }
    #expect(best(scores) == best(expected))
  }
}

extension Schedule {
  /// A schedule for this machine, as read from a file, with one of the candidates of every problem that
  /// `accepts` takes.
  fileprivate init(
    _ network: Network, _ path: KerasAgreementTests.Path,
    accepts: (Problem, Kernel) -> Bool, value: ([KernelChoice]) -> KernelChoice
  ) throws {
    var schedule = Schedule(
      network: NetworkIdentity(
        name: network.name, width: network.width, resolution: network.resolution),
      tool: ToolIdentity(version: "test", registry: Registry.standard.signature),
      machine: MachineIdentity(LiveMachine.current.description), threads: path.threads)
    let fused = Set(network.fusionGroups.map(\.problem)).sorted { $0.key < $1.key }
    for problem in network.problems.map(\.problem) + fused {
      let context = ParameterAxis.Context(problem: problem, workers: path.threads)
      let candidates = Registry.standard
        .kernels(for: problem, upTo: path.instructionSet, workers: path.threads)
        .filter { accepts(problem, $0) }
        .flatMap { kernel in
          kernel.candidates(context).map {
            KernelChoice(kernel: kernel, values: $0, workers: path.threads)
          }
        }
      if candidates.isEmpty { continue }
      let choice = value(candidates)
      schedule.entries.append(
        ScheduleEntry(
          problem: problem.key, kernel: choice.kernel.id,
          compatibility: choice.kernel.compatibility,
          parameters: choice.kernel.named(choice.values),
          cores: CorePattern(
            cores: choice.workers,
            cacheDomains: Set(LiveMachine.current.cacheDomains.prefix(choice.workers)).count
          ).description, state: .measured,
          microseconds: MeasuredInterval(median: 1, low: 1, high: 1, samples: 1)))
    }
    self = try Schedule(data: schedule.text.utf8)
  }
}
