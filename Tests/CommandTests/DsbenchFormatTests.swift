import Foundation
import TestSupport
import Testing

/// What `dsbench` prints is read by programs that know nothing of it.
@Suite(.serialized) struct DsbenchFormatTests {
  @Test func kernelRowsHaveTheAgreedKeys() throws {
    let rows = try DsbenchRun.rows(DsbenchRun.kernels)
    let methods = ["naive", "tiled", "im2col", "simd"]
    for method in methods {
      #expect(rows.contains { ($0["kernel"] as? String)?.contains(method) == true }, "\(method)")
    }
    #expect(DsbenchRun.references(rows) == 1)
    for row in rows {
      for key in [
        "problem", "kernel", "isa", "threads", "parameters", "gflops", "percent_of_roof",
        "max_error", "correct", "gbps", "cycles", "instructions", "migrations", "bound",
        "relative_speed", "reproduce", "context", "undecided", "disturbed_blocks",
      ] {
        #expect(row[key] != nil, "\(key)")
      }
      let time = try #require(row["microseconds"] as? [String: Any])
      if let median = time["median"] as? Double {
        let (low, high) = (time["low"] as? Double ?? 0, time["high"] as? Double ?? 0)
        #expect(0 < low && low <= median && median <= high && high <= 2 * low)
      } else {
        #expect(row["undecided"] is String && time["low"] is NSNull)
      }
      #expect(time["samples"] as? Int == (row["samples_ns"] as? [Double])?.count)
      let passes = try #require(row["passes"] as? [Int])
      #expect(passes.reduce(0, +) == time["samples"] as? Int)
      #expect(row["correct"] as? Bool == true)
      #expect(row["page_faults"] is Int && row["context_switches"] is Int)
      #expect(row["problem"] as? String == DsbenchRun.problem)
    }
  }

  @Test func copiesAreKernelsOfTheirOwn() throws {
    let rows = try DsbenchRun.rows(
      DsbenchRun.kernels + ["--methods", "simd", "--isa", "baseline", "--copies", "3"])
    #expect(rows.count == 3)
    #expect(Set(rows.compactMap { $0["kernel"] as? String }).count == 1)
    #expect(DsbenchRun.references(rows) == 1)
  }

  @Test func theReproduceLineMeasuresTheSameRow() throws {
    let row = try #require(
      try DsbenchRun.rows(DsbenchRun.kernels + ["--methods", "simd"]).first)
    let line = try #require(row["reproduce"] as? String)
    // The only word with spaces is the quoted key.
    let parts = line.components(separatedBy: "'")
    try #require(parts.count == 3)
    let words =
      parts[0].split(separator: " ").map(String.init).dropFirst() + [parts[1]]
      + parts[2].split(separator: " ").map(String.init)
    let again = try DsbenchRun.rows(Array(words) + ["--time", "300ms"])
    #expect(again.count == 1)
    #expect(again.first?["kernel"] as? String == row["kernel"] as? String)
    #expect(
      again.first?["parameters"] as? [String: Int] == row["parameters"] as? [String: Int])
  }

  @Test(.enabled(if: DsbenchRun.hasPython)) func csvIsReadByPython() throws {
    let run = try CommandRun("dsbench", DsbenchRun.kernels + ["--format", "csv"])
    let script = """
      import csv, json, sys
      rows = list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))
      print(all(float(row['microseconds_median'] or 1) > 0 and len(json.loads(row['samples_ns'])) ==
        int(row['microseconds_samples']) for row in rows), len(rows) >= 4)
      """
    #expect(try DsbenchRun.python(script, reading: run.output) == "True True\n")
  }

  @Test(.enabled(if: DsbenchRun.hasPython)) func sqlIsReadBySQLite() throws {
    let run = try CommandRun("dsbench", DsbenchRun.kernels + ["--format", "sql"])
    let script = """
      import sqlite3, sys
      database = sqlite3.connect(':memory:')
      database.executescript(open(sys.argv[1], encoding='utf-8').read())
      print(database.execute('SELECT count(*) >= 4, min(coalesce(microseconds_median, 1)) > 0 FROM dsbench').fetchone())
      """
    #expect(try DsbenchRun.python(script, reading: run.output) == "(1, 1)\n")
  }

  @Test func googleBenchmarkHasItsSchema() throws {
    let run = try CommandRun("dsbench", DsbenchRun.kernels + ["--format", "gbench"])
    let file = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let context = try #require(file["context"] as? [String: Any])
    #expect(context["json_schema_version"] as? Int == 1)
    let benchmarks = try #require(file["benchmarks"] as? [[String: Any]])
    #expect(!benchmarks.isEmpty)
    for benchmark in benchmarks {
      for key in ["name", "run_name", "run_type", "real_time", "cpu_time", "time_unit"] {
        #expect(benchmark[key] != nil, "\(key)")
      }
    }
  }

  @Test func jsonLinesAreARowEach() throws {
    let run = try CommandRun("dsbench", DsbenchRun.kernels + ["--format", "jsonl"])
    let lines = run.output.split(separator: "\n")
    #expect(lines.count >= 4)
    for line in lines {
      let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(row?["kernel"] != nil)
    }
  }

  @Test func runHasTheAgreedKeys() throws {
    let run = try DsbenchRun.object(
      ["run", "--model", "mobilenet-v1", "-w", "0.25", "-r", "32", "-t", "1", "--seconds", "0.2"])
    for key in [
      "model", "threads", "schedule", "gflops", "percent_of_peak", "peak_gflops",
      "activation_bytes", "warnings", "resident_bytes", "images_per_second", "samples_ns",
      "cycles", "instructions", "page_faults", "context_switches", "migrations",
    ] {
      #expect(run[key] != nil, "\(key)")
    }
    let latency = try #require(run["latency_ms"] as? [String: Any])
    for key in ["median", "min", "p90", "p99"] { #expect(latency[key] is Double, "\(key)") }
    // The kernel tells of these two without any right to count.
    #expect(run["page_faults"] is Int && run["context_switches"] is Int)
    let layers = try #require(run["layers"] as? [[String: Any]])
    #expect(layers.count > 20)
    for key in ["name", "problem", "kernel", "microseconds", "gflops", "percent_of_roof"] {
      #expect(layers.allSatisfy { $0[key] != nil }, "\(key)")
    }
  }

  @Test func blocksSayWhatIsSavedOnPaper() throws {
    let result = try DsbenchRun.object(
      ["compare", "blocks", "--input", "14x14x32", "-n", "64", "-t", "1", "--time", "300ms"])
    let blocks = try #require(result["blocks"] as? [[String: Any]])
    #expect(blocks.count == 7)
    let standard = 14 * 14 * 32 * 64 * 9
    #expect(blocks.first?["multiply_adds"] as? Int == standard)
    let separable = try #require(blocks.dropFirst().first)
    #expect(separable["multiply_adds"] as? Int == 14 * 14 * 32 * (9 + 64))
    let saving = try #require(separable["theoretical_saving"] as? Double)
    #expect(abs(1 / saving - (1.0 / 64 + 1.0 / 9)) < 1e-9)
  }

  /// A small use of each command. Their JSON is held to its schema elsewhere.
  private static let commands: [[String]] = [
    ["list", "kernels"], ["list", "problems", "-m", "mobilenet-v1"],
    ["cost", "-m", "mobilenet-v1"],
    ["roofline", "-t", "1"],
    ["run", "-m", "mobilenet-v1", "-w", "0.25", "-r", "32", "-t", "1", "--seconds", "0.1"],
    ["compare", "blocks", "--input", "7x7x16", "-t", "1", "--time", "100ms"],
    [
      "compare", "schedules", "default", "default", "-m", "mobilenet-v1", "-w", "0.25", "-r", "32",
      "-t", "1", "--time", "100ms",
    ],
    [
      "compare", "networks", "--widths", "0.25", "--resolutions", "32", "-t", "1", "--time",
      "100ms",
    ],
  ]

  @Test(.enabled(if: DsbenchRun.hasPython), arguments: commands)
  func everyCommandHasEveryForm(arguments: [String]) throws {
    let scripts = [
      "csv": """
      import csv, sys
      print(len(list(csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8'), strict=True))) > 0)
      """,
      "sql": """
      import sqlite3, sys
      database = sqlite3.connect(':memory:')
      database.executescript(open(sys.argv[1], encoding='utf-8').read())
      print(len(database.execute('SELECT name FROM sqlite_master').fetchall()) == 1)
      """,
      "gbench": """
      import json, sys
      file = json.load(open(sys.argv[1]))
      print(file['context']['json_schema_version'] == 1 and len(file['benchmarks']) > 0)
      """,
    ]
    let hasSamples = !["list", "cost", "roofline"].contains(arguments[0])
    try Fixtures.withTemporaryFolder { folder in
      for (format, script) in scripts {
        // The roofs are measured once.
        let run = try CommandRun(
          "dsbench", arguments + ["--format", format], environment: ["XDG_CACHE_HOME": folder])
        guard hasSamples || format != "gbench" else {
          #expect(run.exitCode == 2 && run.talk.contains("md, csv, json, jsonl or sql"))
          continue
        }
        #expect([0, 1].contains(run.exitCode), "\(format): \(run.talk)")
        #expect(try DsbenchRun.python(script, reading: run.output) == "True\n", "\(format)")
      }
    }
  }

  @Test func rooflineHasEveryLevel() throws {
    let roofs = try DsbenchRun.object(["roofline", "--fresh"])
    #expect((roofs["fma_gflops_per_core"] as? Double ?? 0) > 0)
    #expect((roofs["fma_gflops"] as? Double ?? 0) > 0)
    #expect((roofs["levels"] as? [[String: Any]])?.isEmpty == false)
    let isAlone = roofs["threads"] as? Int == 1
    #expect(isAlone || (roofs["barrier_ns"] as? Double ?? 0) > 0)
  }

  @Test func listsAreComplete() throws {
    let kernels = try DsbenchRun.rows(["list", "kernels"])
    #expect(Set(kernels.compactMap { $0["id"] as? String }).count == kernels.count)
    #expect(kernels.count > 30)
    let problems = try DsbenchRun.rows(["list", "problems", "--model", "mobilenet-v1"])
    #expect(problems.reduce(0) { $0 + ($1["count"] as? Int ?? 0) } == 30)
  }
}
