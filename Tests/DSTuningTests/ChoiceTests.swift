import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning
import Foundation
import TestSupport
import Testing

/// What may win, and what may not.
@Suite struct ChoiceTests {
  /// Where the cores lie as the topology says, the copies decide; elsewhere more is asked for, but never less than the
  /// copies say.
  @Test func movingCoresRaiseTheFloorOfTheWholeNetwork() {
    func floor(_ copies: Double, _ barrierNanoseconds: [Double], cacheDomains: Int = 1) -> Double {
      let pattern = CorePattern(cores: 2, cacheDomains: cacheDomains)
      return Effort.networkFloor(
        copies: copies,
        coreDoubts: MeasurementDoubt.doubts(
          barrierNanoseconds: barrierNanoseconds, pattern: pattern))
    }
    #expect(floor(1.003, []) == 1.003)
    #expect(floor(1.003, [130, 140, 128]) == 1.003)
    #expect(floor(1.003, [470, 490, 480], cacheDomains: 2) == 1.003)
    #expect(floor(1.003, [470, 490, 480]) == 1.10)
    #expect(floor(1.003, [130, 140, 480]) == 1.10)
    #expect(floor(1.12, [130, 480]) == 1.12)
  }

  /// Kernels that are faster than any other because they do not do their work.
  @Test(arguments: ["nothing", "one value"]) func wrongResultsNeverWin(fault: String) throws {
    let broken = IdleRace.pointwise.map { kernel in
      let original = kernel.run
      return kernel.variant(id: "broken-\(kernel.id)") { call, worker, workers in
        if fault == "nothing" { return }
        original(call, worker, workers)
        if worker == 0 { call.pointee.output.storeBytes(of: 1e6, as: Float.self) }
      }
    }
    #expect(!broken.isEmpty)
    let registry = Registry(Registry.standard.kernels + broken)
    let request = TuningSamples.request(try TuningSamples.tinyNetwork(), effort: .exhaustive)
    let result = try TuningSamples.tuner(request, registry: registry).tune()
    for entry in result.schedule.entries { #expect(!entry.kernel.hasPrefix("broken")) }
    let invalid = result.results.flatMap(\.invalid)
    #expect(!invalid.isEmpty)
    #expect(invalid.allSatisfy { $0.kernel.id.hasPrefix("broken") })
    #expect(result.schedule.warnings.contains { $0.contains("compute something wrong") })
  }

  /// A parameter that changes nothing never takes the reference's place, whatever the noise, and its
  /// values are named as ties in the same order each time.
  @Test func anIdleParameterNeverWins() throws {
    let race = try IdleRace()
    let (request, registry, space) = (race.request, race.registry, race.space)
    #expect(space.candidates.contains { $0.label.hasPrefix("idle-") })
    var ties: Set<[String]> = []
    for seed in 0..<200 {
      let recorded = try race.journal(seed: UInt64(seed))
      let result = try TuningSamples.tuner(request, recorded: recorded, registry: registry).tune()
      let own = try #require(result.results.first { $0.space.problem == space.problem })
      #expect(own.state == .measured)
      #expect(own.winner.label == space.reference.label)
      ties.insert(own.ties.map(\.label))
    }
    #expect(ties.count == 1)
    #expect(ties.first?.count == space.candidates.count - 1)
  }

  /// Only what measuring chose, in a network that was shown to be faster, is confirmed; twenty rounds of one are of a
  /// moment of the machine.
  @Test(arguments: [(400, true), (20, false)])
  func aGainOfTheWholeNetworkConfirms(rounds: Int, isGain: Bool) throws {
    let race = try IdleRace()
    let space = race.space
    let result = try race.result(
      wholeNetwork: IdleRace.WholeNetwork(rounds: rounds, tunedNanoseconds: 900_000))
    #expect(result.confirmation?.isGain == isGain)
    let entry = result.schedule.entries.first { $0.problem == space.problem.key }
    #expect((entry?.state == .confirmed) == isGain)
    #expect(entry?.kernel == (isGain ? space.candidates[1] : space.reference).kernel.id)
  }

  /// The other way round: the same race finds what is faster.
  @Test func fivePercentWin() throws {
    let race = try IdleRace()
    let (request, registry, space) = (race.request, race.registry, race.space)
    for seed in 0..<20 {
      let faster = 1 + seed % (space.candidates.count - 1)
      let recorded = try race.journal(faster: faster, seed: UInt64(seed))
      let result = try TuningSamples.tuner(request, recorded: recorded, registry: registry).tune()
      let own = try #require(result.results.first { $0.space.problem == space.problem })
      #expect(own.state == .measured)
      #expect(own.winner.label == space.candidates[faster].label)
      // An audited candidate that wins says by how much the pruning was wrong.
      let isAudited = faster >= space.candidates.count - space.auditedCount
      #expect((own.auditRegret != nil) == isAudited)
      if let regret = own.auditRegret { #expect((0.03...0.07).contains(regret)) }
      #expect(own.auditedCount == space.auditedCount)
      #expect(result.audit.timedCount == result.results.reduce(0) { $0 + $1.auditedCount })
      #expect(result.audit.winCount == result.results.count { $0.auditRegret != nil })
      #expect(result.audit.regret >= own.auditRegret ?? 0)
    }
  }

  /// With noise of 12 % no gain of 5 % is claimed.
  @Test func noGainBelowAHighFloorIsClaimed() throws {
    let race = try IdleRace()
    let (request, registry, space) = (race.request, race.registry, race.space)
    let recorded = try race.journal(faster: 1, noise: 1.12, seed: 3)
    let result = try TuningSamples.tuner(request, recorded: recorded, registry: registry).tune()
    let own = try #require(result.results.first { $0.space.problem == space.problem })
    #expect(own.winner.label == space.reference.label)
    #expect(result.schedule.warnings.contains { $0.contains("differs from itself") })
  }

  /// Too few rounds for any claim: that the default is still there is no finding.
  @Test func anUndecidedRaceIsPartial() throws {
    let race = try IdleRace()
    let (request, registry, space) = (race.request, race.registry, race.space)
    let recorded = try race.journal(rounds: 8, faster: 1, seed: 3)
    let result = try TuningSamples.tuner(request, recorded: recorded, registry: registry).tune()
    let own = try #require(result.results.first { $0.space.problem == space.problem })
    #expect(own.winner.label == space.reference.label)
    #expect(own.state == .partial)
    #expect(result.schedule.entry(for: space.problem.key)?.state == .partial)
    #expect(result.schedule.warnings.contains { $0.contains("too few rounds") })
  }

  /// Rounds of other candidates say nothing about these.
  @Test func aRaceOfOtherCandidatesIsNotDecided() throws {
    let race = try IdleRace()
    let (request, registry, space) = (race.request, race.registry, race.space)
    let recorded = try race.journal(seed: 3)
    // Without the idle kernels most of the recorded candidates do not exist.
    let result = try TuningSamples.tuner(request, recorded: recorded).tune()
    let own = try #require(result.results.first { $0.space.problem == space.problem })
    #expect(own.state == .predicted)
    let known = try TuningSamples.tuner(request, recorded: recorded, registry: registry).tune()
    #expect(known.results.first { $0.space.problem == space.problem }?.state == .measured)
  }

  @Test func theScheduleOfARunLoadsCompletely() throws {
    let network = try TuningSamples.tinyNetwork()
    let tuning = try RecordedTuning(workers: 2)
    let read = try Schedule(data: tuning.result.schedule.text.utf8)
    #expect(read == tuning.result.schedule)
    let resolution = ScheduleResolution(
      read, network: network, machine: TuningSamples.machine,
      instructionSet: Registry.bestInstructionSet, workers: 2)
    #expect(resolution.report.usedCount == read.entries.count)
    #expect(resolution.report.notices.isEmpty)
    let plan = try NetworkPlan(
      network, choices: resolution.choices, model: CostModel(machine: TuningSamples.machine),
      instructionSet: Registry.bestInstructionSet, workers: 2)
    #expect(Set(plan.steps.map(\.problem.key)) == Set(read.entries.map(\.problem)))
    #expect(read.entries.reduce(0) { $0 + $1.count } == plan.steps.count)
    for entry in read.entries {
      #expect(entry.microseconds.low <= entry.microseconds.median)
      #expect(entry.microseconds.median <= entry.microseconds.high)
      if let ratio = entry.vsDefault { #expect(ratio.low <= ratio.ratio) }
    }
  }

  @Test func aStoppedRunStillGivesACompleteSchedule() throws {
    let network = try TuningSamples.tinyNetwork()
    for limit in 0..<12 {
      var asked = 0
      let tuner = try Tuner(
        TuningSamples.request(network), machine: TuningSamples.machine,
        declared: TuningSamples.machine, patterns: TuningSamples.patterns,
        shouldStop: {
          asked += 1
          return asked > limit * limit
        })
      let result = try tuner.tune()
      let schedule = result.schedule
      #expect(
        Set(schedule.entries.map(\.problem)).isSuperset(of: network.problems.map(\.problem.key)))
      #expect(
        schedule.entries.allSatisfy { ($0.state == .predicted) == ($0.microseconds.samples == 0) })
      #expect(
        schedule.warnings.contains { $0.contains("stopped before the whole network") }
          == (result.confirmation == nil))
    }
  }
}
