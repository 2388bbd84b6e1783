import DSKernels
import DSMeasurement
import DSNetworks
import DSSchedule
import DSTuning
import Testing

/// What a tuning says that it found, from recorded times.
@Suite struct FindingsTests {
  typealias WholeNetwork = IdleRace.WholeNetwork

  /// At the effort of these races 1 % is asked for.
  static let outcomes: [(WholeNetwork, TuningOutcome)] = [
    (WholeNetwork(), .kept),
    (
      WholeNetwork(tunedNanoseconds: 975_000, floor: 1.1, barrierNanoseconds: [88, 627]),
      .coresMoved
    ),
    (
      WholeNetwork(tunedNanoseconds: 975_000, floor: 1.1, barrierNanoseconds: [480, 520]),
      .coresApart
    ),
    (WholeNetwork(tunedNanoseconds: 975_000, floor: 1.034), .tooNoisy),
    (WholeNetwork(tunedNanoseconds: 995_000), .tooSmall),
    (WholeNetwork(tunedNanoseconds: 1_000_000, spreadNanoseconds: 9000), .notShown),
    (WholeNetwork(tunedNanoseconds: 1_020_000), .slower),
    (WholeNetwork(rounds: 20), .tooFewRounds),
    (WholeNetwork(rounds: 3), .stopped),
    (WholeNetwork(isTried: false), .nothingBetter),
  ]

  @Test(arguments: outcomes) func theOutcomeIsNamed(
    wholeNetwork: WholeNetwork, outcome: TuningOutcome
  ) throws {
    let result = try IdleRace().result(wholeNetwork: wholeNetwork)
    let findings = try #require(result.schedule.findings)
    #expect(findings.outcome == outcome)
    #expect((findings.gain == nil) == (outcome == .nothingBetter || outcome == .stopped))
    #expect((result.confirmation?.isGain == true) == (outcome == .kept))
    // What is not kept changes no entry.
    let isTuned = outcome == .kept || outcome == .stopped
    let entries = result.schedule.entries
    #expect(entries.contains { $0.kernel.hasPrefix("idle-") } == isTuned)
    #expect(try Schedule(data: result.schedule.text.utf8) == result.schedule)
  }

  @Test func theGainIsTheRoundsMedianWithItsInterval() throws {
    let result = try IdleRace().result(
      wholeNetwork: WholeNetwork(
        tunedNanoseconds: 975_000, spreadNanoseconds: 30_000, floor: 1.1,
        barrierNanoseconds: [88, 627]))
    let gain = try #require(result.schedule.findings?.gain)
    #expect(gain.smallestClaim == 1.1 && gain.rounds <= 400 && gain.rounds >= gain.neededRounds)
    // A third of the rounds had 945, a third 975 and a third 1005 thousand nanoseconds, beside a million.
    #expect(gain.fasterRounds == (gain.rounds * 2 + 2) / 3)
    #expect(gain.speedup.low <= gain.speedup.ratio && gain.speedup.ratio <= gain.speedup.high)
    #expect((1.02...1.03).contains(gain.speedup.ratio))
    let whole = try #require(result.schedule.networkResult)
    #expect(whole.defaultMilliseconds == whole.tunedMilliseconds && whole.ratio == 1)
  }

  /// The plan that was not kept is in the journal, whatever the reason.
  @Test(arguments: outcomes) func theUserMayAccept(
    wholeNetwork: WholeNetwork, outcome: TuningOutcome
  ) throws {
    let result = try IdleRace(isAccepting: true).result(wholeNetwork: wholeNetwork)
    let findings = try #require(result.schedule.findings)
    let isThere = outcome != .nothingBetter && outcome != .stopped
    #expect((result.confirmation?.kept != nil) == isThere)
    #expect(findings.outcome == (isThere && outcome != .kept ? .accepted : outcome))
    guard findings.outcome == .accepted else { return }
    let entries = result.schedule.entries
    #expect(entries.contains { $0.kernel.hasPrefix("idle-") })
    #expect(entries.allSatisfy { $0.state != .confirmed })
    #expect(result.schedule.warnings.contains { $0.contains("the user accepted it") })
    #expect(result.schedule.networkResult?.ratio == findings.gain?.speedup.ratio)
  }

  @Test func theDefaultIsComparedWithTheBestOfAll() throws {
    let race = try IdleRace()
    let result = try race.result(wholeNetwork: WholeNetwork())
    let layer = try #require(result.schedule.findings?.layer(race.space.problem.key))
    #expect(layer.candidates == race.space.candidates.count)
    #expect(layer.best == race.space.candidates[1].label)
    #expect((1.03...1.07).contains(layer.defaultOverBest?.ratio ?? 0))
    // Others were not raced, which is not the same as being the best.
    let others = result.schedule.findings?.layers.filter { $0.problem != layer.problem } ?? []
    #expect(!others.isEmpty)
    #expect(others.allSatisfy { $0.defaultOverBest == nil && $0.candidates == 0 })
    let same = try race.result(wholeNetwork: WholeNetwork(isTried: false))
    let own = try #require(same.schedule.findings?.layer(race.space.problem.key))
    #expect((own.defaultOverBest?.ratio ?? 0) < 1.02)
  }

  /// Journals of before have no ladder: what is known of it is shown.
  @Test func theLadderComesFromTheJournal() throws {
    let race = try IdleRace()
    let old = try #require(try race.result(wholeNetwork: WholeNetwork()).schedule.findings)
    #expect(old.ladder.map(\.name) == ["default", "tuned"] && old.peakGigaflops == nil)
    let line =
      #"{"ladder":[{"rung":"naive","ms":80,"basis":"some kernels"},{"rung":"tiled","ms":20,"basis":"whole network"},"#
      + #"{"rung":"odd","ms":-1,"basis":"kernels"}],"peak_gflops":200}"#
    let findings = try #require(
      try race.result(wholeNetwork: WholeNetwork(), ladder: line).schedule.findings)
    #expect(findings.ladder.map(\.name) == ["naive", "tiled", "default", "tuned"])
    #expect(
      findings.ladder.map(\.basis) == [.someKernels, .wholeNetwork, .wholeNetwork, .wholeNetwork])
    let flops = Double(race.request.network.layers.reduce(0) { $0 + $1.problem.flops })
    for rung in findings.ladder {
      #expect(abs(rung.gigaflops * rung.milliseconds * 1e6 / flops - 1) < 0.01)
    }
    #expect(findings.peakGigaflops == 200)
    #expect((findings.limitMilliseconds ?? 0) >= flops / 200 / 1e6 * 0.999)
  }

  /// The whole of it, measured: small enough to be timed as a whole, and once only.
  @Test func theRungsAreTimed() throws {
    let tuning = try RecordedTuning()
    let findings = try #require(tuning.result.schedule.findings)
    let rungs = ["naive", "tiled", "default"].compactMap(findings.rung)
    #expect(
      rungs.count == 3 && rungs.allSatisfy { $0.basis == .wholeNetwork && $0.milliseconds > 0 })
    #expect((findings.peakGigaflops ?? 0) > 0)
    #expect(findings.layers.count == tuning.request.network.problems.count)
    let lines = RecordedTuning.lines(tuning.journal).map { String(decoding: $0, as: UTF8.self) }
    #expect(lines.count { $0.contains("\"ladder\"") } == 1)
  }

  /// MobileNet v1's naive rung would take a second and more: what there is no time for is worked out.
  @Test func aRungThatTakesTooLongIsWorkedOut() throws {
    var request = TuningSamples.request(try Network(model: .mobileNetV1))
    request.seconds = 1
    let result = try TuningSamples.tuner(request).tune()
    let findings = try #require(result.schedule.findings)
    #expect(findings.outcome == .stopped && findings.gain == nil)
    let naive = findings.rung("naive")
    #expect(naive == nil || naive?.basis == .someKernels)
  }
}
