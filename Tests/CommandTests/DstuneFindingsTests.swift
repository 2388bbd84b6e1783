import DSSchedule
import Foundation
import TestSupport
import Testing

/// What `dstune` says that it found: at the end, in a replay, and of a schedule later.
@Suite(.serialized) struct DstuneFindingsTests {
  struct Case: Sendable {
    var name: String
    var findings: TuningFindings
    var noise: NoiseRecord? = NoiseRecord(floorRatio: 1.004, barrierNanoseconds: [88, 91])
  }

  // MARK: - Recorded values

  private static func rung(
    _ name: String, _ milliseconds: Double, _ basis: NetworkRung.Basis = .wholeNetwork
  ) -> NetworkRung {
    // The formulas of MobileNet v1 have 1.1375 thousand million operations.
    NetworkRung(
      name: name, milliseconds: milliseconds, gigaflops: 1137.5 / milliseconds, basis: basis)
  }

  private static let lower = [rung("naive", 812.4, .someKernels), rung("tiled", 131.2, .kernels)]

  private static func findings(
    _ outcome: TuningOutcome, tuned: Double? = 2.352, ratio: Double, low: Double, high: Double,
    faster: Int = 173, rounds: Int = 203, claim: Double = 1.02,
    behind: [Double?] = [1.014, 1.002, 1]
  ) -> TuningFindings {
    TuningFindings(
      outcome, ladder: lower + [rung("default", 2.413)] + (tuned.map { [rung("tuned", $0)] } ?? []),
      peakGigaflops: 507, limitMilliseconds: 2.244,
      gain: tuned.map { _ in
        NetworkGain(
          speedup: RatioInterval(ratio: ratio, low: low, high: high), rounds: rounds,
          fasterRounds: faster, neededRounds: 100, smallestClaim: claim)
      }, layers: layers(behind))
  }

  private static let problems = [
    "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32", "pointwise 14x14x512->512 relu6 f32",
    "pointwise 7x7x1024->1024 relu6 f32",
  ]

  private static func layers(_ ratios: [Double?]) -> [LayerFinding] {
    zip(problems, ratios).enumerated().map { index, layer in
      LayerFinding(
        problem: layer.0, count: index == 1 ? 5 : 1, candidates: 12 + index,
        best: layer.1.map { $0 > 1 } == true ? "f32-other__avx2 rows=\(index)" : nil,
        defaultOverBest: layer.1.map { RatioInterval(ratio: $0, low: $0 - 0.004, high: $0 + 0.004) }
      )
    }
  }

  private static let cases: [Case] = [
    Case(name: "kept", findings: findings(.kept, ratio: 1.026, low: 1.023, high: 1.029)),
    Case(
      name: "not kept because the cores moved",
      findings: findings(.coresMoved, ratio: 1.026, low: 1.023, high: 1.029, claim: 1.1),
      noise: NoiseRecord(floorRatio: 1.004, barrierNanoseconds: [88, 627])),
    Case(
      name: "not kept because the cores lie apart",
      findings: findings(.coresApart, ratio: 1.026, low: 1.023, high: 1.029, claim: 1.1),
      noise: NoiseRecord(floorRatio: 1.004, barrierNanoseconds: [480, 512])),
    Case(
      name: "not kept because of noise",
      findings: findings(
        .tooNoisy, ratio: 1.026, low: 1.011, high: 1.041, claim: 1.034,
        behind: [1.081, 1.034, 1.002])),
    Case(
      name: "too small a gain",
      findings: findings(
        .tooSmall, tuned: 2.397, ratio: 1.007, low: 1.004, high: 1.01, faster: 151,
        behind: [1.062, nil, 1])),
    Case(
      name: "too small a gain of a patient tuning",
      findings: findings(
        .tooSmall, tuned: 2.397, ratio: 1.007, low: 1.004, high: 1.01, faster: 151, claim: 1.01)),
    Case(
      name: "no gain shown",
      findings: findings(
        .notShown, tuned: 2.409, ratio: 1.002, low: 0.997, high: 1.007, faster: 105)),
    Case(
      name: "slower",
      findings: findings(
        .slower, tuned: 2.461, ratio: 0.981, low: 0.977, high: 0.984, faster: 12)),
    Case(
      name: "nothing better found",
      findings: findings(.nothingBetter, tuned: nil, ratio: 1, low: 1, high: 1, behind: [1, 1, 1])),
    Case(
      name: "too few rounds",
      findings: findings(
        .tooFewRounds, ratio: 1.026, low: 1.001, high: 1.052, faster: 17, rounds: 20)),
    Case(
      name: "accepted",
      findings: findings(.accepted, ratio: 1.026, low: 1.023, high: 1.029, claim: 1.1)),
    Case(
      name: "interrupted",
      findings: TuningFindings(
        .stopped, ladder: [rung("default", 2.5, .kernels), rung("tuned", 2.45, .kernels)],
        layers: layers([1.014, nil, nil]))),
    Case(
      name: "interrupted at once", findings: TuningFindings(.stopped, layers: layers([nil, nil]))),
    Case(name: "not timed as a whole", findings: TuningFindings(.notTimed)),
    Case(name: "estimated", findings: TuningFindings(.predicted), noise: nil),
    Case(name: "a shard", findings: TuningFindings(.shard, layers: layers([1.014, 1.002]))),
    Case(name: "merged", findings: TuningFindings(.merged, layers: layers([1.014, 1.002, 1]))),
  ]

  private static func schedule(_ findings: TuningFindings, noise: NoiseRecord?) -> Schedule {
    var machine = MachineIdentity(
      cpu: "Sample/1/1", instructionSets: ["avx2"], topology: "core:2 pu:1 l3:32M/2")
    machine.roofs.fmaGigaflopsPerCore = 260
    return Schedule(
      network: NetworkIdentity(name: "mobilenet-v1", resolution: 224),
      tool: ToolIdentity(version: "0.1.0", registry: "r"), machine: machine, threads: 2,
      noise: noise,
      entries: [
        ScheduleEntry(
          problem: problems[0], kernel: "f32-depthwise-3x3s1-threaded__avx2",
          parameters: ["columns": 8], cores: "2c/1pu/1xL3", state: .measured,
          microseconds: MeasuredInterval(median: 15.1, low: 15, high: 15.2, samples: 24))
      ], findings: findings)
  }

  private func explained(_ schedule: Schedule, environment: [String: String] = [:]) throws -> String
  {
    try Fixtures.withFile(named: "a.schedule.json", schedule.text.utf8) { path in
      let run = try Dstune.run(["explain", path], environment: environment)
      #expect(run.exitCode == 0, "\(run.talk)")
      return run.output
    }
  }

  // MARK: - Tests

  @Test func everyCaseHasItsSentences() throws {
    let texts = try Self.cases.map { entry in
      let text = try explained(Self.schedule(entry.findings, noise: entry.noise))
      return "# \(entry.name)\n\n" + text
    }
    let covered = Set(Self.cases.compactMap(\.findings.outcome))
    #expect(covered == Set(TuningOutcome.allCases))
    try expectGolden(texts.joined(separator: "\n"), "dstune/findings.md")
  }

  /// In a terminal the ladder is fitted; the sentences are the same.
  @Test func aTerminalHasLines() throws {
    let schedule = Self.schedule(Self.cases[1].findings, noise: Self.cases[1].noise)
    let text = try explained(schedule, environment: ["COLUMNS": "90"])
    try expectGolden(text, "dstune/findings-90.txt")
  }

  @Test func aSingleProblemSaysHowFarTheDefaultWas() throws {
    let schedule = Self.schedule(Self.cases[0].findings, noise: nil)
    try Fixtures.withFile(named: "a.schedule.json", schedule.text.utf8) { path in
      let run = try Dstune.run(["explain", path, Self.problems[0]])
      #expect(
        run.output.contains(
          "default 1.4 % behind the best of 12, f32-other__avx2 rows=0 [1.010, 1.018]"),
        "\(run.output)")
    }
  }

  /// Newer versions may know more outcomes, and earlier ones none.
  @Test func otherVersionsAreReadToo() throws {
    var schedule = Self.schedule(TuningFindings(.kept), noise: nil)
    schedule.findings?.outcomeName = "postponed"
    #expect(try explained(schedule).contains("'postponed'"))
    // Counts that no tuning has are no reason to stop.
    schedule.findings?.layers = Self.layers([1.1, 1.2, 1.3]).map { layer in
      var layer = layer
      (layer.count, layer.candidates) = (.max, .max)
      return layer
    }
    #expect(try explained(schedule).contains("layer by layer"))
    schedule.findings = nil
    #expect(try explained(schedule).split(separator: "\n").count == 1)
  }

  /// What the folder of results says of this machine's kind is named, with its numbers.
  @Test func aRaceOnRecordIsNamed() throws {
    let results = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Results")
    let folder = "amd-26-2-2c"
    let data = try Data(contentsOf: results.appending(path: "\(folder)/peers.json"))
    let file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let races = file?["cases"] as? [[String: Any]] ?? []
    let race = try #require(
      races.first { $0["model"] as? String == "mobilenet-v1" && $0["threads"] as? Int == 2 })
    let peer = try #require(
      (race["engines"] as? [[String: Any]] ?? []).first {
        $0["name"] as? String == race["fastest_peer"] as? String
      })
    var schedule = Self.schedule(TuningFindings(.nothingBetter), noise: nil)
    schedule.machine.cpu = "AuthenticAMD/26/2"
    let line = try #require(
      explained(schedule).split(separator: "\n").first { $0.contains("on record") })
    #expect(line.contains("Results/\(folder)/peers.md"))
    #expect(line.contains(try #require(peer["title"] as? String)))
    // Another number of threads has another race, or none.
    schedule.threads = 7
    #expect(try !explained(schedule).contains("on record"))
  }

  /// The end of a tuning, its replay and the explanation of its schedule say the same.
  @Test func aReplayAndAnExplanationSayTheSame() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (schedule, journal) = (folder + "/a.schedule.json", folder + "/a.trials.jsonl")
      let run = try Dstune.run(Dstune.tiny + ["-t", "1", "--time", "3s", "-o", schedule])
      #expect(run.exitCode == 0, "\(run.talk)")
      func findings(_ text: String) -> [Substring] {
        // All below the table of problems but the time that it took.
        text.split(separator: "\n").drop { !$0.hasPrefix("| whole network") }
          .filter { !$0.contains("noise floor") && !$0.contains("prune audit") }
      }
      let lines = findings(run.output)
      #expect(lines.count > 5 && lines.contains { $0.hasPrefix("| naive ") }, "\(run.output)")
      for arguments in [
        ["replay", journal], ["replay", journal, "-f", "md"], ["explain", schedule],
      ] {
        let again = try Dstune.run(arguments)
        #expect(findings(again.output) == lines, "\(arguments): \(again.output)")
      }
      let json = try Dstune.run(["replay", journal, "-f", "json"])
      #expect(
        try Schedule(data: json.output.utf8).findings == Schedule.read(path: schedule).findings)
    }
  }

  /// There is a plan or there is none, and then nothing is written.
  @Test func aPlanIsAcceptedWhereThereIsOne() throws {
    try Dstune.withTuned { folder in
      let (journal, accepted) = (folder + "/a.trials.jsonl", folder + "/b.schedule.json")
      let tuned = try Schedule.read(path: folder + "/a.schedule.json")
      let run = try Dstune.run(["replay", journal, "--accept", "-o", accepted])
      if tuned.findings?.gain == nil {
        #expect(run.exitCode == 1 && run.talk.contains("accept"), "\(run.talk)")
        #expect(!FileManager.default.fileExists(atPath: accepted))
      } else {
        #expect(run.exitCode == 0, "\(run.talk)")
        let outcome = try Schedule.read(path: accepted).findings?.outcome
        #expect(outcome == (tuned.findings?.outcome == .kept ? .kept : .accepted))
        #expect(try Dstune.run(["check", accepted, "-t", "1"]).exitCode == 0)
      }
    }
  }
}

/// Compares a text with a file of `Tests/Fixtures`, or rewrites it where `DSTUNE_UPDATE_GOLDENS` is set.
private func expectGolden(_ text: String, _ name: String) throws {
  let path = Fixtures.path(name)
  if ProcessInfo.processInfo.environment["DSTUNE_UPDATE_GOLDENS"] != nil {
    try Data(text.utf8).write(to: URL(filePath: path))
  }
  let golden = try String(contentsOfFile: path, encoding: .utf8)
  #expect(text == golden, "differs from Tests/Fixtures/\(name)")
}
