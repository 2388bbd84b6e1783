import DSSchedule
import Foundation
import TestSupport
import Testing

/// Documentation/results.schema.json says what dsbench writes, neither less nor more.
@Suite(.serialized) struct ResultSchemaTests {
  /// The schema's definition for a command, and a small use of it.
  private static let commands: [(definition: String, arguments: [String])] = [
    ("run", ["run"] + network + ["--seconds", "0.2"]),
    ("kernels", DsbenchRun.kernels),
    ("blocks", ["compare", "blocks", "--input", "14x14x32", "-t", "1", "--time", "300ms"]),
    ("schedules", ["compare", "schedules", "default", "default"] + network + ["--time", "300ms"]),
    (
      "networks",
      [
        "compare", "networks", "--models", "mobilenet-v1", "--widths", "0.25", "--resolutions",
        "32", "-t", "1", "--time", "300ms",
      ]
    ),
    ("roofline", ["roofline", "-t", "1"]),
    ("kernelList", ["list", "kernels"]),
    ("problemList", ["list", "problems", "-m", "xception"]),
    ("cost", ["cost", "-m", "mobilenet-v2"]),
  ]

  private static let network = ["-m", "mobilenet-v1", "-w", "0.25", "-r", "32", "-t", "1"]

  private let checker: SchemaChecker

  init() throws { checker = try SchemaChecker(documentation: "results.schema.json") }

  /// What a command writes; it must have ended well.
  private func output(_ arguments: [String]) throws -> JSONValue {
    let run = try CommandRun("dsbench", arguments + ["--format", "json"])
    // 1 where a busy machine left every row undecided.
    try #require([0, 1].contains(run.exitCode), "\(run.talk)")
    return try JSONValue(parsing: run.output.utf8)
  }

  @Test(arguments: commands)
  func whatCommandsWriteFitsAndNothingElseDoes(
    definition: String, arguments: [String]
  ) throws {
    let whole = try output(arguments)
    #expect(checker.faults(of: whole, definition: definition) == [])
    #expect(checker.faults(of: whole) == [])

    // Kernel parameters have names that the schema cannot know, and files from before there were counts,
    // passes, barriers and multiply-adds have none.
    let isOptional = { (path: String) in
      path.contains(/\.parameters\.[A-Za-z]+$/)
        || path.contains(
          /\.(cycles|instructions|page_faults|context_switches|migrations|passes|barrier_ns)$/)
        || path.contains(/\.(undecided|disturbed_blocks|context)$/)
        || path.contains(/\.(batch|isa)$/) && definition == "networks"
          && !path.contains(".context.")
        || path.hasSuffix(".multiply_adds") && definition == "run"
        || path.hasSuffix(".multiply_adds_done")
    }
    for (path, damaged) in whole.variants(damage: nil, elements: 2) where !isOptional(path) {
      #expect(
        !checker.faults(of: damaged, definition: definition).isEmpty, "without \(path)")
    }
    let foreign = JSONValue.object(["?": .bool(true)])
    for (path, damaged) in whole.variants(damage: foreign, elements: 2) {
      #expect(
        !checker.faults(of: damaged, definition: definition).isEmpty, "\(path) is an object")
    }
    for (path, damaged) in whole.variants(adding: "?", elements: 2) {
      #expect(
        !checker.faults(of: damaged, definition: definition).isEmpty, "one more in \(path)")
    }
  }

  /// A line of jsonl, by its definition.
  @Test(arguments: [
    ("run", ["run"] + network + ["--seconds", "0.2"]),
    ("blockRecord", commands[2].arguments), ("scheduleRecord", commands[3].arguments),
    ("networkRecord", commands[4].arguments), ("roofline", ["roofline", "-t", "1"]),
    ("kernelDescription", ["list", "kernels"]),
    ("problemRecord", ["list", "problems", "-m", "xception"]),
    ("costLayer", ["cost", "-m", "mobilenet-v2"]),
  ])
  func linesAreRecordsOfTheirOwn(definition: String, arguments: [String]) throws {
    let run = try CommandRun("dsbench", arguments + ["--format", "jsonl"])
    let lines = run.output.split(separator: "\n")
    #expect(!lines.isEmpty, "\(run.talk)")
    for line in lines {
      let record = try JSONValue(parsing: line.utf8)
      #expect(checker.faults(of: record, definition: definition) == [])
      #expect(checker.faults(of: record) == [])
    }
  }

  @Test func undecidedRowsFit() throws {
    let unknown = Self.record
      .replacing(
        "\"median\": 31.25, \"low\": 31.25, \"high\": 31.25",
        with: "\"median\": null, \"low\": null, \"high\": null"
      )
      .replacing(
        "\"ratio\": 1, \"low\": 1, \"high\": 1",
        with: "\"ratio\": null, \"low\": null, \"high\": null"
      )
      .replacing("\"gflops\": 1.5", with: "\"gflops\": null")
      .replacing("\"fastest\"", with: "\"undecided\", \"undecided\": \"the time lies anywhere\"")
    let record = try JSONValue(parsing: unknown.utf8)
    #expect(checker.faults(of: record, definition: "kernelRecord") == [])
  }

  @Test func jsonLinesAreRecords() throws {
    let run = try CommandRun("dsbench", DsbenchRun.kernels + ["--format", "jsonl"])
    let lines = run.output.split(separator: "\n")
    #expect(!lines.isEmpty)
    for line in lines {
      let record = try JSONValue(parsing: line.utf8)
      #expect(checker.faults(of: record, definition: "kernelRecord") == [])
    }
  }

  @Test func comparedFilesFit() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/run.json"
      let measured = ["run"] + Self.network + ["--seconds", "0.1", "--output", path]
      #expect(try CommandRun("dsbench", measured + ["--format", "json"]).exitCode == 0)
      let pairs = try output(["compare", "runs", path, path])
      #expect(checker.faults(of: pairs, definition: "savedRuns") == [])
      guard case .array(let rows) = pairs else { throw Unexpected.noArray }
      #expect(rows.count > 20)
    }
  }

  @Test func tunedRunsFit() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/tiny.schedule.json"
      let tuning = try CommandRun(
        "dstune", Self.network + ["--effort", "estimate", "--output", path])
      #expect(tuning.exitCode == 0)
      let run = try output(
        ["run"] + Self.network + ["--schedule", path, "--seconds", "0.1"])
      #expect(checker.faults(of: run, definition: "run") == [])
    }
  }

  // MARK: - What is wrong in a way of its own

  @Test(arguments: [
    ("\"threads\": 1", "\"threads\": 0"), ("\"threads\": 1", "\"threads\": 1.5"),
    ("\"median\": 31.25", "\"median\": 0"), ("\"median\": 31.25", "\"median\": \"31.25\""),
    ("\"cache\": \"network\"", "\"cache\": \"lukewarm\""), ("\"FMA\"", "\"L4\""),
    ("__avx512", "__avx1024"), ("depthwise 3x3", "depthwise 3 by 3"), ("[31250]", "[-31250]"),
    ("2026-01-02T03:04:05+00:00", "yesterday"), ("\"fastest\"", "\"quick\""),
    ("\"dsbench compare kernels", "\"rm"), ("\"commit\": \"abc1234\"", "\"commit\": \"\""),
  ])
  func aDamagedRecordIsRefused(right: String, wrong: String) throws {
    let record = try JSONValue(parsing: Self.record.utf8)
    #expect(checker.faults(of: record, definition: "kernelRecord") == [])
    let text = Self.record.replacing(right, with: wrong, maxReplacements: 1)
    #expect(text != Self.record)
    let damaged = try JSONValue(parsing: text.utf8)
    #expect(checker.faults(of: damaged, definition: "kernelRecord").count == 1)
    #expect(!checker.faults(of: damaged).isEmpty)
  }

  private static let record = """
    {"problem": "depthwise 3x3 s1 p1,1 7x7x16 relu6 f32", "kernel": "f32-depthwise-simd__avx512",
     "isa": "avx512", "threads": 1, "parameters": {"columns": 7}, "cache": "network",
     "microseconds": {"median": 31.25, "low": 31.25, "high": 31.25, "samples": 1},
     "gflops": 1.5, "gbps": 2.5, "percent_of_roof": 1.25, "bound": "FMA", "max_error": 0,
     "correct": true, "relative_speed": {"ratio": 1, "low": 1, "high": 1}, "verdict": "fastest",
     "warnings": [], "reproduce": "dsbench compare kernels --threads 1", "samples_ns": [31250],
     "context": {"tool": "dsbench 0.1.0", "commit": "abc1234", "compiler": "Swift 6.3.1",
       "command": "dsbench compare kernels", "date": "2026-01-02T03:04:05+00:00", "host": "bench",
       "cpu": "AuthenticAMD/26/2", "model": "", "isa": "avx512", "topology": "core:2 pu:1",
       "warnings": []}}
    """

  @Test(
    "Fused problems, of one window or two, are problems",
    arguments: [
      "separable 3x3 s1 p1,1 19x19x728->728 in-relu none,relu f32",
      "inverted 3x3 s1 p1,1 56x56x24->144->24 relu6,relu6,none residual f32",
      "entry 3x3 s2 p0,1 3x3 s1 p1,1 image 224x224x3->32->16 relu6,relu6,none f32",
      "reduction 3x3 s1 p1,1 3x3 s2 p1,1 147x147x128->128 none,none,none residual f32",
      "pooled 7x7 s1 p0,0 7x7x320->1280 relu6,none f32",
    ])
  func fusedProblems(key: String) throws {
    let text = Self.record.replacing("depthwise 3x3 s1 p1,1 7x7x16 relu6 f32", with: key)
    let record = try JSONValue(parsing: Data(text.utf8))
    #expect(checker.faults(of: record, definition: "kernelRecord") == [])
  }

  // MARK: - Published files

  @Test func publishedResultsFit() throws {
    let files = try Self.publishedFiles()
    #expect(!files.isEmpty)
    for (definition, path) in files {
      let value = try JSONValue(parsing: try Data(contentsOf: URL(filePath: path)))
      #expect(checker.faults(of: value, definition: definition) == [], "\(path)")
    }
  }

  /// A validator that nobody here wrote takes the schema for one, and judges files as ours does.
  @Test(.enabled(if: hasValidator, "python3-jsonschema is missing"))
  func anotherValidatorAgrees() throws {
    let schema = Fixtures.path("../../Documentation/results.schema.json")
    let script = """
      import json, jsonschema, sys
      schema = json.load(open(sys.argv[1], encoding='utf-8'))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      for path in sys.argv[2:]:
          value = json.load(open(path, encoding='utf-8'))
          if not validator.is_valid(value):
              print(path)
          record = value[0] if isinstance(value, list) else value
          record.pop('threads')
          if validator.is_valid(value):
              print(path, 'without threads')
      """
    let files = try Self.publishedFiles().map(\.path)
    #expect(try Self.python(["-c", script, schema] + files) == "")
  }

  private static let hasValidator = (try? python(["-c", "import jsonschema"])) == ""

  private static func publishedFiles() throws -> [(definition: String, path: String)] {
    let results = URL(filePath: Fixtures.path("../../Results")).standardizedFileURL
    let files = FileManager.default.enumerator(at: results, includingPropertiesForKeys: nil)
    return (files?.allObjects as? [URL] ?? []).compactMap { file in
      switch file.lastPathComponent {
      case let name where name.hasSuffix(".run.json"): ("run", file.path)
      case let name where name.hasPrefix("kernels-") && name.hasSuffix(".json"):
        ("kernels", file.path)
      case "roofline.json": ("roofline", file.path)
      default: nil
      }
    }
  }

  /// What `python3` of the tests' own environment prints.
  private static func python(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Unexpected.failure }
    return String(decoding: data, as: UTF8.self)
  }

  private enum Unexpected: Error { case noArray, failure }
}
