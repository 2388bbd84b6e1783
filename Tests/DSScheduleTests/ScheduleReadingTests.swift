import DSCore
import DSSchedule
import Testing

@Suite struct ScheduleReadingTests {
  @Test func readsEveryField() throws {
    let schedule = try ScheduleSamples.read()
    #expect(schedule.network == NetworkIdentity(name: "mobilenet-v1", resolution: 224))
    #expect(schedule.tool == ToolIdentity(version: "0.3.0", registry: "9f3c1e"))
    #expect(schedule.machine.roofs.fmaGigaflopsPerCore == 246)
    #expect(schedule.machine.roofs.dramGigabytesPerSecond == nil)
    #expect(schedule.machine.origin == .thisSystem)
    #expect(schedule.threads == 2)
    #expect(schedule.noise?.floorRatio == 1.004)
    #expect(schedule.networkResult?.tunedMilliseconds == 4.9)
    #expect(schedule.warnings == ["load average 3.1"])
    #expect(schedule.notices.isEmpty)
    #expect(schedule.defects().isEmpty)

    let problem = "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32"
    #expect(
      schedule.entry(for: problem)
        == ScheduleEntry(
          problem: problem, kernel: "f32-depthwise-3x3s1-simd__avx512", parameters: ["columns": 14],
          cores: "2c/1pu/1xL3", state: .confirmed,
          microseconds: MeasuredInterval(median: 31.2, low: 30.9, high: 31.5, samples: 33),
          vsDefault: RatioInterval(ratio: 1.42, low: 1.39, high: 1.45),
          ties: ["f32-depthwise-tiled"], bound: "l2", note: "row kernel"))
    #expect(schedule.entry(for: "pointwise 112x112x32->64 relu6 f32")?.compatibility == "a1b2")
    #expect(schedule.entry(for: "pointwise 7x7x32->64 relu6 f32") == nil)
  }

  @Test func writtenTextReadsBackAsTheSameSchedule() throws {
    let schedule = try ScheduleSamples.read()
    #expect(try ScheduleSamples.read(schedule.text) == schedule)
    #expect(try ScheduleSamples.read(schedule.text).text == schedule.text)
  }

  @Test func orderOfEntriesInTheFileDoesNotMatter() throws {
    let schedule = try ScheduleSamples.read()
    var shuffled = schedule
    shuffled.entries = schedule.entries.reversed()
    #expect(shuffled.text == schedule.text)
  }

  @Test func unknownFieldsSurviveARewriteEverywhere() throws {
    var text = ScheduleSamples.edited(
      #""threads": 2,"#, #""threads": 2, "future": {"a": [1, 1.0, 1e-7]},"#)
    for (old, new) in [
      (#""count": 2,"#, #""count": 2, "profile": "8c","#),
      (#""samples": 21"#, #""samples": 21, "mad": 0.25"#),
      (#""aa_ratio""#, #""mode": "cold", "aa_ratio""#),
      (#""l2_gbps""#, #""l4_gbps": 70, "l2_gbps""#),
      (#""version""#, #""git": "abc", "version""#),
    ] {
      text = text.replacing(old, with: new)
    }
    let written = try ScheduleSamples.read(text).text
    for piece in [
      #""future": {"a": [1, 1.0, 1e-07]}"#, #""profile": "8c""#, #""mad": 0.25"#,
      #""mode": "cold""#,
      #""l4_gbps": 70"#, #""git": "abc""#,
    ] {
      #expect(written.contains(piece), "\(piece) is lost")
    }
  }

  @Test func aNewerMinorVersionLoadsWithANoticeAndKeepsItsVersion() throws {
    let schedule = try ScheduleSamples.read(ScheduleSamples.edited("schedule/1.0", "schedule/1.7"))
    #expect(schedule.notices.count == 1)
    #expect(schedule.text.contains("dstune.schedule/1.7"))
  }

  // MARK: - Bad files

  @Test(arguments: ["", "  \n\t"])
  func empty(text: String) {
    #expect(throws: ScheduleError.empty(file: "s.json")) { try ScheduleSamples.read(text) }
  }

  @Test func everyTruncationIsAnErrorAndNeverACrash() {
    let bytes = Array(ScheduleSamples.text.utf8)
    for length in 1..<bytes.count {
      #expect(throws: ScheduleError.self) { try Schedule(data: bytes[..<length]) }
    }
    #expect(throws: ScheduleError.truncated(file: "schedule", line: 5)) {
      try Schedule(data: bytes[..<250])
    }
  }

  @Test func randomDamageNeverCrashes() {
    var generator = SeededGenerator(seed: 7)
    let bytes = Array(ScheduleSamples.text.utf8)
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<damaged.count, using: &generator)
        damaged[index] = UInt8.random(in: .min ... .max, using: &generator)
      }
      if let schedule = try? Schedule(data: damaged) { _ = schedule.defects() }
    }
  }

  @Test(arguments: [
    (
      "hello",
      ScheduleError.notJSON(
        file: "s.json",
        error: JSONError(
          line: 1, column: 1, reason: "a value was expected here", isTruncation: false))
    ),
    ("[1]", .notASchedule(file: "s.json")), ("{}", .notASchedule(file: "s.json")),
    (#"{"schema": 1}"#, .notASchedule(file: "s.json")),
    (#"{"schema": "x.schedule/1.0"}"#, .notASchedule(file: "s.json")),
    (
      #"{"schema": "dstune.schedule/2.0"}"#,
      .otherVersion(file: "s.json", found: "dstune.schedule/2.0")
    ),
    (
      #"{"schema": "dstune.schedule/x"}"#, .otherVersion(file: "s.json", found: "dstune.schedule/x")
    ),
    (#"{"schema": "dstune.schedule/1.0"}"#, .missingField(file: "s.json", field: "network")),
  ])
  func noSchedule(text: String, expected: ScheduleError) {
    #expect(throws: expected) { try ScheduleSamples.read(text) }
  }

  @Test(arguments: [
    (#""columns": 14"#, #""columns": 1e300"#, "entries[1].parameters.columns"),
    (#""columns": 14"#, #""columns": 1.5"#, "entries[1].parameters.columns"),
    (#""columns": 14"#, #""columns": "14""#, "entries[1].parameters.columns"),
    (#""columns": 14"#, #""columns": 99999999999999999999"#, "entries[1].parameters.columns"),
    (#""threads": 2"#, #""threads": 0"#, "threads"),
    (#""threads": 2"#, #""threads": null"#, "threads"),
    (#""count": 1"#, #""count": -1"#, "entries[1].count"),
    (#""median": 31.2"#, #""median": -1"#, "entries[1].microseconds.median"),
    (#""median": 31.2"#, #""median": [31.2]"#, "entries[1].microseconds.median"),
    (#""state": "measured""#, #""state": "sure""#, "entries[0].state"),
    (#""isa": ["avx512f"]"#, #""isa": ["a", 2]"#, "machine.isa[1]"),
    (#""dtype": "f32""#, #""dtype": "f7""#, "network.dtype"),
    (#""l2_gbps": 210"#, #""l2_gbps": true"#, "machine.measured.l2_gbps"),
    (#""aa_ratio": 1.004"#, #""aa_ratio": {}"#, "noise.aa_ratio"),
  ])
  func wrongFieldIsNamed(old: String, new: String, field: String) throws {
    let error = #expect(throws: ScheduleError.self) {
      try ScheduleSamples.read(ScheduleSamples.edited(old, new))
    }
    guard case .wrongField(_, let found, _, _) = error else {
      Issue.record("\(String(describing: error)) is no wrong field")
      return
    }
    #expect(found == field)
  }

  @Test(arguments: [
    (#""threads": 2,"#, "threads"), (#""median": 31.2, "#, "entries[1].microseconds.median"),
    (#""cores": "2c/1pu/1xL3", "state": "measured","#, "entries[0].cores"),
    (#""resolution": 224, "#, "network.resolution"),
  ])
  func missingFieldIsNamed(text: String, field: String) {
    #expect(throws: ScheduleError.missingField(file: "s.json", field: field)) {
      try ScheduleSamples.read(ScheduleSamples.edited(text, ""))
    }
  }

  @Test(arguments: [0, -5, 1_000_000_000]) func hostileParametersAreKeptForTheRegistryToRefuse(
    value: Int
  ) throws {
    let text = ScheduleSamples.edited(#""columns": 14"#, "\"columns\": \(value)")
    #expect(try ScheduleSamples.read(text).entries[0].parameters == ["columns": value])
  }

  @Test func integersWrittenAsFractionsAreIntegers() throws {
    let text = ScheduleSamples.edited(#""columns": 14"#, #""columns": 14.0"#)
    #expect(try ScheduleSamples.read(text) == ScheduleSamples.read())
  }

  @Test func duplicateProblem() {
    let text = ScheduleSamples.edited(
      "pointwise 112x112x32->64 relu6 f32", "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32")
    #expect(
      throws: ScheduleError.duplicateProblem(
        file: "s.json", problem: "depthwise 3x3 s1 p1,1 112x112x32 relu6 f32")
    ) { try ScheduleSamples.read(text) }
  }

  @Test func tooManyEntriesAreRefusedBeforeTheyAreRead() {
    let many = "[" + String(repeating: "0,", count: 1_000_000) + "0]"
    let text = #"{"schema": "dstune.schedule/1.0", "entries": "# + many + "}"
    #expect(
      throws: ScheduleError.tooManyEntries(file: "s.json", count: 1_000_001, limit: 1_000_000)
    ) {
      try ScheduleSamples.read(text)
    }
  }

  @Test(arguments: [
    (
      #""cores": "2c/1pu/1xL3", "state": "measured""#, #""cores": "all", "state": "measured""#,
      "all"
    ),
    ("pointwise 112x112x32->64 relu6 f32", "wavelet 3x3", "wavelet"),
    (#""low": 30.9"#, #""low": 31.4"#, "outside its interval"),
    (#""ratio": 1.42"#, #""ratio": 2.42"#, "outside its interval"),
    (#""samples": 21"#, #""samples": 0"#, "without a sample"),
  ])
  func defectsConcernOneEntryOnly(old: String, new: String, reason: String) throws {
    let defects = try ScheduleSamples.read(ScheduleSamples.edited(old, new)).defects()
    #expect(defects.count == 1)
    #expect(defects.first?.reason.contains(reason) == true)
  }

  @Test func describesAMachine() {
    var machine = MachineDescription(
      cpu: "c/1/2", instructionSet: .avx2, features: ["fma", "avx2"], cores: 2, processingUnits: 2,
      caches: [.init(level: 1, byteCount: 49152)])
    machine.roofs.l2GigabytesPerSecond = 200
    let identity = MachineIdentity(machine, origin: .predicted)
    #expect(identity.instructionSets == ["avx2", "fma"])
    #expect(identity.topology == "core:2 pu:1 l1d:48K numa:1")
    #expect(identity.measured == ["l2_gbps": 200])
    #expect(identity.roofs == machine.roofs)
  }
}
