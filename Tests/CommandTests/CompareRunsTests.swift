import Foundation
import TestSupport
import Testing

/// `dsbench compare runs`: what it says of two files, and which it refuses.
@Suite struct CompareRunsTests {
  private static let kernel = """
    {"problem": "pointwise 7x7x16->16 relu6 f32", "kernel": "f32-pointwise-simd__avx512", "threads": 1,
     "parameters": {"rows": 4}, "cache": "network", "microseconds": {"median": 1.0095},
     "samples_ns": SAMPLES, "context": CONTEXT}
    """

  private static let network = """
    {"model": "mobilenet-v1", "width": 1.0, "resolution": 224, "batch": 1, "threads": 1,
     "isa": "avx512", "schedule": null, "latency_ms": {"median": 1.0095}, "samples_ns": SAMPLES,
     "peak_gflops": 100.0, "context": CONTEXT,
     "layers": [{"name": "conv1", "microseconds": 10, "problem": "pointwise 7x7x16->16 relu6 f32"}]}
    """

  private static let context = """
    {"tool": "dsbench 0.1.0", "commit": "abc", "compiler": "Swift 6.3.1", "command": "dsbench run",
     "date": "2026-01-02T03:04:05+00:00", "host": "bench", "cpu": "AuthenticAMD/25/17",
     "model": "AMD EPYC", "isa": "avx512", "topology": "core:2 pu:1", "warnings": []}
    """

  /// - Parameter spread: of the samples, as a part of them.
  private static func file(
    _ record: String, factor: Double = 1, spread: Double = 0.02, context: String = context
  ) -> String {
    let samples = (0..<24).map { index in
      "\(1_000_000 * factor * (1 + spread * Double(index * 7 % 24) / 24))"
    }
    return
      record.replacing("CONTEXT", with: context)
      .replacing("SAMPLES", with: "[\(samples.joined(separator: ", "))]")
      .replacing("1.0095", with: "\(1.0095 * factor)").replacing("\n", with: " ")
  }

  private func compare(
    _ before: String, _ after: String, _ flags: [String] = []
  ) throws -> CommandRun {
    try Fixtures.withTemporaryFolder { folder in
      try Data(before.utf8).write(to: URL(filePath: folder + "/a.json"))
      try Data(after.utf8).write(to: URL(filePath: folder + "/b.json"))
      return try CommandRun(
        "dsbench", ["compare", "runs", folder + "/a.json", folder + "/b.json"] + flags)
    }
  }

  // MARK: - What must not be compared

  /// Each in a record of a network and of a kernel, as far as it has the field; alone, in an array, and as a line.
  @Test(arguments: [
    ("context.tool", "dsbench 0.1.0", "dstune 0.1.0"),
    ("context.cpu", "AuthenticAMD/25/17", "AuthenticAMD/26/2"),
    ("context.model", "AMD EPYC", "AMD EPYC 9B45"),
    ("context.isa", "\"isa\": \"avx512\", \"topology\"", "\"isa\": \"avx2\", \"topology\""),
    ("context.topology", "core:2 pu:1", "core:4 pu:2"),
    ("model", "mobilenet-v1", "mobilenet-v2"), ("width", "\"width\": 1.0", "\"width\": 0.5"),
    ("resolution", "224", "192"), ("batch", "\"batch\": 1", "\"batch\": 8"),
    ("threads", "\"threads\": 1", "\"threads\": 2"),
    ("isa", "\"isa\": \"avx512\", \"schedule\"", "\"isa\": \"avx2\", \"schedule\""),
    ("type", "relu6 f32\"", "relu6 bf16\""),
    ("cache", "\"cache\": \"network\"", "\"cache\": \"cold\""),
  ])
  func recordsThatDifferAreRefused(field: String, one: String, other: String) throws {
    var cases = 0
    for record in [Self.network, Self.kernel] {
      let before = Self.file(record)
      let after = before.replacing(one, with: other)
      if after == before { continue }
      cases += 1
      for form in [{ $0 }, { "[\($0)]" }, { $0 + "\n" + $0 }] as [(String) -> String] {
        let run = try compare(form(before), form(after))
        #expect(run.exitCode == 3 && run.output.isEmpty, "\(run.talk)")
        #expect(run.talk.contains("must not be compared: \(field) is '"), "\(run.talk)")
        #expect(run.talk.contains("--anyway"))
        let anyway = try compare(form(before), form(after), ["--anyway", "--format", "json"])
        #expect(anyway.exitCode == 0, "\(anyway.talk)")
        #expect(anyway.talk.contains("compared anyway, though \(field) is '"))
        #expect(anyway.output.contains("\"differs\""))
      }
    }
    #expect(cases > 0, "no record has \(field)")
  }

  @Test func bothValuesAreNamed() throws {
    let before = Self.file(Self.network)
    let run = try compare(
      before,
      before.replacing("25/17", with: "26/2").replacing("\"threads\": 1", with: "\"threads\": 2"))
    #expect(
      run.talk.contains(
        "context.cpu is 'AuthenticAMD/25/17' in the first and 'AuthenticAMD/26/2' in the second; "
          + "threads is '1' in the first and '2' in the second"), "\(run.talk)")
  }

  /// What a change is made of may differ.
  @Test(arguments: [
    ("\"commit\": \"abc\"", "\"commit\": \"def\""), ("Swift 6.3.1", "Swift 6.4"),
    ("2026-01-02", "2026-02-03"), ("dsbench run", "dsbench run --seconds 5"),
    ("\"schedule\": null", "\"schedule\": \"a.schedule.json\""),
  ])
  func recordsOfAnotherCommitAreCompared(one: String, other: String) throws {
    let before = Self.file(Self.network)
    let run = try compare(before, before.replacing(one, with: other))
    #expect(run.exitCode == 0 && !run.talk.contains("warning"), "\(run.talk)")
  }

  @Test func otherHostsAreSaid() throws {
    let before = Self.file(Self.network)
    let run = try compare(before, before.replacing("\"bench\"", with: "\"other\""))
    #expect(run.exitCode == 0 && run.talk.contains("different hosts, bench and other"))
  }

  /// Records of before there was any context are refused for what they show, and warned of for the rest.
  @Test func oldRecordsAreJudgedByWhatTheySay() throws {
    let old = Self.file(Self.network, context: "null")
    let new = Self.file(Self.network)
    for after in [old, new] {
      let run = try compare(old, after)
      #expect(run.exitCode == 0, "\(run.talk)")
      #expect(run.talk.contains("context.tool, context.cpu"), "\(run.talk)")
    }
    let other = try compare(old, old.replacing("mobilenet-v1", with: "mobilenet-v2"))
    #expect(other.exitCode == 3 && other.talk.contains("model is 'mobilenet-v1'"))
    // Another machine's arithmetic is twice as fast.
    let fast = try compare(old, old.replacing("100.0", with: "240.0"))
    #expect(fast.exitCode == 3 && fast.talk.contains("peak_gflops is 100.0"), "\(fast.talk)")
  }

  /// Rows are paired by what they were measured with, too.
  @Test func filesThatShareSomeThreadsAreComparedInThem() throws {
    let one = Self.file(Self.kernel)
    let two = Self.file(Self.kernel, factor: 1.5).replacing(
      "\"threads\": 1", with: "\"threads\": 2")
    let run = try compare("[\(two), \(one)]", one)
    #expect(run.exitCode == 0 && run.talk.contains("1 rows are in one of the files only"))
    #expect(run.output.contains("no difference shown") && !run.output.contains("faster"))
  }

  // MARK: - What is said

  @Test(arguments: [(1.2, "5%", 1), (1.2, "30%", 0), (1.0, "0%", 0), (0.5, "5%", 0)])
  func slowerFilesFail(slowdown: Double, limit: String, code: Int32) throws {
    let run = try compare(
      Self.file(Self.kernel), Self.file(Self.kernel, factor: slowdown), ["--fail-if-slower", limit])
    #expect(run.exitCode == code)
    #expect(run.output.contains(slowdown == 1 ? "no difference shown" : "%"))
  }

  /// Known no better than to a factor of two: no number, no verdict, and no permission either.
  @Test(arguments: ["json", "csv", "jsonl", "sql", "md"])
  func noisyFilesAreUndecided(format: String) throws {
    let noisy = Self.file(Self.network, factor: 1.4, spread: 3)
    let run = try compare(Self.file(Self.network), noisy, ["--format", format])
    #expect(run.exitCode == 1, "\(run.talk)")
    #expect(run.output.contains("undecided"))
    #expect(!run.output.contains("+40") && !run.output.contains("slower"), "\(run.output)")
    #expect(run.talk.contains("more than a factor of two"))
    #expect(run.talk.contains("2 of 2 rows are undecided"))
    #expect(
      try compare(noisy, noisy, ["--fail-if-slower", "5%"]).exitCode == 1)
  }

  /// Neither a difference nor none.
  @Test func wideFilesAreUndecidedWithANumber() throws {
    let run = try compare(
      Self.file(Self.kernel, spread: 0.12), Self.file(Self.kernel, factor: 1.05, spread: 0.12),
      ["--format", "json"])
    #expect(run.output.contains("\"verdict\": \"undecided\""), "\(run.output)")
    #expect(run.output.contains("neither a difference nor none is shown"))
    #expect(!run.output.contains("\"ratio\": null"))
  }

  @Test func aRunIsComparableWithItself() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/run.json"
      let arguments = DsbenchRun.kernels + ["--format", "json", "--output", path]
      #expect([0, 1].contains(try CommandRun("dsbench", arguments).exitCode))
      let run = try CommandRun("dsbench", ["compare", "runs", path, path])
      #expect([0, 1].contains(run.exitCode), "\(run.talk)")
      #expect(!run.output.contains("slower") && !run.output.contains("faster"))
    }
  }
}
