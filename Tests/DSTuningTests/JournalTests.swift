import DSCore
import DSMeasurement
import DSNetworks
import DSSchedule
import DSTuning
import Foundation
import TestSupport
import Testing

@Suite struct JournalTests {
  private func request() throws -> TuningRequest {
    TuningSamples.request(try Network(model: .mobileNetV1, width: 0.25, resolution: 32))
  }

  /// A journal without trials, whose header has another value in one field.
  private func withHeader(
    _ field: String, _ value: JSONValue, _ body: (_ path: String) throws -> Void
  ) throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      var object = try JSONValue(parsing: text.utf8).members()
      object[field] = value
      try Data((JSONValue.object(object).text + "\n").utf8).write(to: URL(filePath: path))
      try body(path)
    }
  }

  @Test func headersSurviveTheFile() throws {
    var request = try request()
    request.seed = .max - 5
    request.shard = Shard(index: 1, count: 3, problems: ["a", "b"], references: ["b"])
    let header = TuningSamples.header(request)
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      let read = try Journal.read(path: path).header
      #expect(read.difference(from: header) == nil)
      #expect(read.restoring(TuningSamples.machine) == TuningSamples.machine)
      let again = try read.request()
      #expect(again.network == request.network && again.effort == request.effort)
      #expect(again.seed == request.seed && again.instructionSet == request.instructionSet)
      #expect(again.workers == request.workers && again.shard == request.shard)
      #expect(read.machineDifference(from: TuningSamples.machine) == nil)
    }
  }

  @Test func aReplacedJournalIsKept() throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      #expect(try Journal.create(path: path, header: header).earlierPath == nil)
      let line = #"{"noise":1.25}"# + "\n"
      let earlier = try String(contentsOfFile: path, encoding: .utf8) + line
      try Data(earlier.utf8).write(to: URL(filePath: path))
      #expect(try Journal.create(path: path, header: header).earlierPath == path + ".old")
      #expect(try String(contentsOfFile: path + ".old", encoding: .utf8) == earlier)
      #expect(try Journal.read(path: path).trials.noiseFloor == nil)
      // Nor is the first one lost to a third run.
      for name in [".old2", ".old3"] {
        #expect(try Journal.create(path: path, header: header).earlierPath == path + name)
      }
      #expect(try String(contentsOfFile: path + ".old", encoding: .utf8) == earlier)
    }
  }

  @Test(arguments: ["precious", "{\"a\":1}\n", "a\nb\n"])
  func whatIsNoJournalIsNotReplaced(text: String) throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withFile(text.utf8) { path in
      #expect(throws: JournalError.notAJournal(path: path)) {
        try Journal.create(path: path, header: header)
      }
      let left = try String(contentsOfFile: path, encoding: .utf8)
      #expect(left == text)
    }
  }

  @Test func twoRunsDoNotWriteOneJournal() throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      let first = try Journal.create(path: path, header: header)
      #expect(throws: JournalError.busy(path: path)) {
        try Journal.create(path: path, header: header)
      }
      #expect(throws: JournalError.busy(path: path)) {
        try Journal.resume(path: path, header: header)
      }
      #expect(first.path == path)
    }
    // Once the first one is gone, it can be continued.
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      _ = try Journal.resume(path: path, header: header)
    }
  }

  /// Cutting the file there would lose what follows.
  @Test(arguments: ["\n", "{\"noise\":\n", "\u{0}\u{0}\n"])
  func damageInTheMiddleIsRefused(damage: String) throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      let start = try String(contentsOfFile: path, encoding: .utf8)
      for (end, isRefused) in [(#"{"noise":1.5}"# + "\n", true), (#"{"noi"#, true), ("", false)] {
        let text = start + damage + end
        try Data(text.utf8).write(to: URL(filePath: path))
        if isRefused {
          #expect(throws: JournalError.damaged(path: path, line: 2)) {
            try Journal.resume(path: path, header: header)
          }
          #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        } else {
          _ = try Journal.resume(path: path, header: header)
          #expect(try String(contentsOfFile: path, encoding: .utf8) == start)
        }
      }
    }
  }

  /// An error while reading is not the end of the file.
  @Test func readErrorsAreErrors() throws {
    let error = #expect(throws: JournalError.self) { try Journal.read(path: "/") }
    guard case .unreadable? = error else {
      Issue.record("\(error.map(\.description) ?? "no error")")
      return
    }
  }

  @Test(arguments: [
    ("threads", JSONValue.integer(3)), ("cores", .array([])), ("threads", .integer(0)),
    ("isa", .string("mmx")), ("effort", .string("heroic")), ("seed", .string("1")),
    ("schema", .string("dstune.trials/2.0")), ("products", .string("none")),
    ("products", .integer(1)),
  ])
  func senselessHeadersGiveNoRequest(field: String, value: JSONValue) throws {
    try withHeader(field, value) { path in
      let read = try Journal.read(path: path).header
      #expect(throws: JournalError.notAJournal(path: path)) { try read.request(path: path) }
    }
  }

  /// What is multiplied and divided by must be numbers that can be.
  @Test(arguments: [
    ("caches", "[[2,9223372036854775807]]"), ("caches", "[[2,0]]"), ("caches", "[[2]]"),
    ("roofs", #"{"dram_gbps":0}"#), ("roofs", #"{"dram_gbps":-1}"#),
    ("roofs", #"{"dram_gbps":"1"}"#),
    ("cores", #"["2c"]"#),
  ])
  func senselessMachinesAreNoJournals(field: String, value: String) throws {
    try withHeader(field, try JSONValue(parsing: value.utf8)) { path in
      #expect(throws: JournalError.notAJournal(path: path)) { try Journal.read(path: path) }
    }
  }

  @Test func barriersThatNoMachineHasArePassedOver() throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      let lines = ["100", "1e300", "0", "-5", "320.5"].map { #"{"barrier_ns":\#($0)}"# + "\n" }
      let text = try String(contentsOfFile: path, encoding: .utf8) + lines.joined()
      try Data(text.utf8).write(to: URL(filePath: path))
      #expect(try Journal.read(path: path).trials.barrierNanoseconds == [100, 320.5])
    }
  }

  @Test(arguments: ["-1", "0", "16777217", "1e300", "\"7\""])
  func countsThatNoCalibrationGivesArePassedOver(iterations: String) throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      let line = #"{"race":"p","candidates":["a"],"iterations":\#(iterations),"invalid":[]}"#
      let text = try String(contentsOfFile: path, encoding: .utf8) + line + "\n"
      try Data(text.utf8).write(to: URL(filePath: path))
      let race = try #require(Journal.read(path: path).trials.races["p"])
      #expect(race.iterations == nil && race.candidates == ["a"])
    }
  }

  @Test func namesAsLongAsAllowedAreKeptToo() throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/" + String(repeating: "j", count: 255)
      _ = try Journal.create(path: path, header: header)
      let kept = try #require(Journal.create(path: path, header: header).earlierPath)
      #expect(try Journal.read(path: kept).validBytes == Journal.read(path: path).validBytes)
      #expect(try Journal.create(path: path, header: header).earlierPath != kept)
    }
  }

  /// One descriptor for all lines: between two of them the reader would see the end. The alarm ends what waits for ever.
  @Test func aPipeTakesAJournalAndIsNeverRead() async {
    await #expect(processExitsWith: .exitCode(7)) {
      alarm(60)
      let request = TuningSamples.request(try TuningSamples.tinyNetwork())
      let header = TuningSamples.header(request)
      try Fixtures.withTemporaryFolder { folder in
        let path = folder + "/pipe"
        guard mkfifo(path, 0o600) == 0 else { exit(1) }
        guard (try? Journal.resume(path: path, header: header)) == nil else { exit(2) }
        let reader = Thread {
          let floor = (try? Journal.read(path: path))?.trials.noiseFloor
          unlink(path)
          exit(floor == nil ? 3 : 7)
        }
        reader.start()
        do {
          let journal = try Journal.create(path: path, header: header)
          _ = try TuningSamples.tuner(request, journal: journal).tune()
        }
        while true { sleep(1) }
      }
    }
  }

  @Test(arguments: ["/dev/full", "/nowhere/j.jsonl", "/proc", "/"])
  func unwritablePathsAreErrors(path: String) throws {
    let header = TuningSamples.header(try request())
    let error = #expect(throws: JournalError.self) {
      try Journal.create(path: path, header: header)
    }
    #expect(error?.description.hasPrefix(path + ": cannot be written: ") == true)
  }

  /// Every field of the header, with another value: the refusal names it.
  private static let foreign: [(field: String, value: JSONValue)] = [
    ("schema", .string("dstune.trials/2.0")), ("network", .string("xception")),
    ("width", .number(0.5)), ("resolution", .integer(64)), ("batch", .integer(2)),
    ("dtype", .string("i8")), ("threads", .integer(7)), ("isa", .string("neon")),
    ("effort", .string("patient")), ("products", .string("as-written")), ("seed", .integer(99)),
    ("shard", .string("0/2")),
    ("problems", .array([.string("x")])), ("references", .array([])),
    ("registry", .string("0")), ("build", .string("0")), ("cpu", .string("Other/1/1")),
    ("topology", .string("core:9")), ("cores", .array([.string("1c/1pu/2xL3")])),
  ]

  @Test(arguments: foreign.indices) func foreignJournalsAreRefused(index: Int) throws {
    let (field, value) = Self.foreign[index]
    let header = TuningSamples.header(try request())
    try withHeader(field, value) { path in
      let changed = try Data(contentsOf: URL(filePath: path))
      let error = #expect(throws: JournalError.self) {
        try Journal.resume(path: path, header: header)
      }
      guard case .foreign(_, let named, _, _)? = error else {
        Issue.record("\(field): \(error.map(\.description) ?? "no error")")
        return
      }
      #expect(named == field)
      // A refused journal stays as it was.
      #expect(try Data(contentsOf: URL(filePath: path)) == changed)
    }
  }

  @Test(arguments: [
    "", "\n", "{}\n", "[1]\n", "hello", "{\"schema\":\"dstune.trials/1.0\"", "\u{0}",
  ])
  func whatIsNoJournalIsRefused(text: String) throws {
    let header = TuningSamples.header(try request())
    try Fixtures.withFile(text.utf8) { path in
      #expect(throws: JournalError.notAJournal(path: path)) {
        try Journal.resume(path: path, header: header)
      }
      let left = try String(contentsOfFile: path, encoding: .utf8)
      #expect(left == text)
    }
  }

  @Test func aTornLastLineIsIgnoredAndCutOff() throws {
    let header = TuningSamples.header(try request())
    let whole = [
      #"{"noise":1.25}"#,
      #"{"race":"p","candidates":["a","b"],"iterations":7,"invalid":["c"]}"#,
      #"{"race":"p","blocks":[[0,0,7,1400,1,1,0,2,0],[1,0,7,1300,1,1,3,0,1]]}"#,
      #"{"barrier_ns":113.5}"#, #"{"barrier_ns":-1}"#, #"{"barrier_ns":480}"#,
      #"{"something":"newer","race":12}"#, #"{"future":{"a":[]}}"#, "17",
      #"{"race":"p","blocks":[[1,1,7,1500,1,2,0,0,0,"migration"],[0,1,7,1,1,1,0,0,0,"migration"]]}"#,
    ]
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(path: path, header: header)
      let complete =
        try String(contentsOfFile: path, encoding: .utf8)
        + whole.map { $0 + "\n" }.joined()
      try Data((complete + #"{"race":"p","finis"#).utf8).write(to: URL(filePath: path))
      let (_, _, trials) = try Journal.resume(path: path, header: header)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == complete)
      #expect(trials.noiseFloor == 1.25)
      #expect(trials.barrierNanoseconds == [113.5, 480])
      let race = try #require(trials.races["p"])
      #expect(trials.races.count == 1)
      #expect(race.candidates == ["a", "b"] && race.iterations == 7 && race.invalid == ["c"])
      #expect(!race.isFinished)
      #expect(
        race.rounds == [
          [
            BlockRecord(
              candidate: 0, round: 0, iterations: 7, elapsedNanoseconds: 1400, cpuBefore: 1,
              cpuAfter: 1, minorFaults: 2),
            BlockRecord(
              candidate: 1, round: 0, iterations: 7, elapsedNanoseconds: 1300, cpuBefore: 1,
              cpuAfter: 1, contextSwitches: 3, majorFaults: 1),
          ],
          [
            BlockRecord(
              candidate: 1, round: 1, iterations: 7, elapsedNanoseconds: 1500, cpuBefore: 1,
              cpuAfter: 2, dropReason: .migration),
            BlockRecord(
              candidate: 0, round: 1, iterations: 7, elapsedNanoseconds: 1, cpuBefore: 1,
              cpuAfter: 1, dropReason: .migration),
          ],
        ])
    }
  }

  /// Rounds that no race of ours can have: they must not crash whoever decides them.
  @Test(arguments: [
    "[]", "[[0]]", "[[0,0,0,5,0,0,0,0,0]]", "[[0,0,1,-7,0,0,0,0,0]]", "[[99,0,1,5,0,0,0,0,0]]",
    "[[-1,0,1,5,0,0,0,0,0]]", "[[0,0,1,5,0,0,0,0,0],[0,0,1,5,0,0,0,0,0]]",
    "[[1e300,0,1,5,0,0,0,0,0]]",
    "7", "[\"a\"]", "[[0,0,1,5,0,0,0,0,0,\"nonsense\"]]",
  ])
  func hostileRoundsDoNoHarm(blocks: String) throws {
    let network = try TuningSamples.tinyNetwork()
    var request = TuningSamples.request(network)
    request.isReplay = true
    let space = try #require(TuningSamples.tuner(request).searchSpaces().first)
    let labels = JSONValue.array(space.candidates.map { .string($0.label) }).text
    let key = JSONValue.string(space.problem.key).text
    let lines = [
      #"{"race":\#(key),"candidates":\#(labels),"iterations":1,"invalid":[]}"#,
      #"{"race":\#(key),"blocks":\#(blocks)}"#, #"{"race":\#(key),"finished":true}"#,
    ]
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/j.jsonl"
      _ = try Journal.create(
        path: path, header: TuningSamples.header(request))
      let text = try String(contentsOfFile: path, encoding: .utf8)
      try Data((text + lines.joined(separator: "\n") + "\n").utf8)
        .write(to: URL(filePath: path))
      let result = try TuningSamples.tuner(request, recorded: Journal.read(path: path).trials)
        .tune()
      #expect(result.schedule.entries.count == network.problems.count)
    }
  }
}

extension JSONValue {
  /// The members of an object.
  func members() throws -> [String: JSONValue] {
    let object: [String: JSONValue]? = if case .object(let object) = self { object } else { nil }
    return try #require(object)
  }

  /// The elements of an array.
  func elements() throws -> [JSONValue] {
    let array: [JSONValue]? = if case .array(let array) = self { array } else { nil }
    return try #require(array)
  }
}
