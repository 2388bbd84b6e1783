import DSMeasurement
import DSReporting
import DSSchedule
import Foundation
import Testing

@Suite struct BenchmarkRecordTests {
  @Test func figuresComeFromTheSamples() {
    let record = ReportSamples.records[1]
    #expect(record.microseconds.count == 12)
    #expect(record.microseconds.low <= record.microseconds.median)
    #expect(record.microseconds.median <= record.microseconds.high)
    #expect((1...1.004).contains(record.microseconds.median))
    #expect((28...28.3).contains(record.gigaflops ?? 0))
    #expect(record.doubts.isEmpty)
    #expect(ReportSamples.record(kernel: "k", nanoseconds: 10, samples: 3).doubts.count == 1)
  }

  /// Half of the passes were slow: the interval tells, the samples taken for independent would not.
  @Test func intervalsComeFromPasses() {
    func record(passes: [Int]?) -> BenchmarkRecord {
      let pass: [Double] = (0..<20).map { 1000 + Double($0 % 5) }
      let slowPass = pass.map { $0 + 50 }
      let samples = (0..<3).flatMap { _ in pass + slowPass }
      return BenchmarkRecord(
        problem: "p", kernel: "k", instructionSet: .avx512, threads: 1, cache: "network",
        samplesNanoseconds: samples, passes: passes)
    }
    let spread = record(passes: Array(repeating: 20, count: 6))
    #expect(spread.microseconds.low < 1.002 && spread.microseconds.high > 1.052)
    #expect(spread.microseconds.count == 120 && spread.doubts.isEmpty)
    let once = record(passes: [0, 100, 20, 0])
    #expect(once.microseconds.low == 1 && once.microseconds.high == 1.054)
    #expect(once.doubts == [.fewPasses(count: 2, needed: 6)])
    #expect(record(passes: nil).doubts.isEmpty)
  }

  @Test func verdictsNeedTheWholeIntervalBeyondTheFloor() {
    let base = (0..<20).map { 100 + Double($0 % 3) }
    func verdict(_ factor: Double, samples: Int = 20) -> RatioVerdict? {
      var record = ReportSamples.record(kernel: "k", nanoseconds: 100)
      record.relativeSpeed = PairedRatio(
        base.prefix(samples).map { $0 * factor }, over: Array(base.prefix(samples)))
      guard case .compared(let verdict)? = record.verdict else { return nil }
      return verdict
    }
    #expect(verdict(1.2) == .faster)
    #expect(verdict(0.8) == .slower)
    #expect(verdict(1) == .noDifference)
    #expect(verdict(1.009) == .noDifference)
    #expect(verdict(0.995) == .noDifference)
    #expect(verdict(1.2, samples: 3) == .tooFewSamples)
    // However far apart, one pair proves nothing; three that agree do.
    #expect(verdict(0.1, samples: 1) == .tooFewSamples)
    #expect(verdict(10, samples: 2) == .tooFewSamples)
    #expect(verdict(0.1, samples: 3) == .slower && verdict(10, samples: 3) == .faster)
    #expect(ReportSamples.record(kernel: "k", nanoseconds: 100).verdict == nil)
  }

  // MARK: - What noise leaves open

  /// Its passes lie between 1 and 3 µs.
  private func noisy(kernel: String = "k") -> BenchmarkRecord {
    var record = BenchmarkRecord(
      problem: "p", kernel: kernel, instructionSet: .avx512, threads: 1, cache: "network",
      samplesNanoseconds: (0..<12).map { 1000 + Double($0 % 3) * 1000 },
      passes: Array(repeating: 1, count: 12))
    record.setWork(flops: 1000, bytes: 1000)
    return record
  }

  @Test(arguments: OutputFormat.allCases)
  func whatIsTooWideHasNoNumber(format: OutputFormat) throws {
    var record = noisy()
    #expect(record.microseconds.isTooWide && record.gigaflops == nil)
    record.relativeSpeed = PairedRatio([1, 1, 1, 1, 1, 1], over: [1, 280, 1, 1, 280, 1])
    #expect(record.verdict == .compared(.undecided))
    let text = format.text(ResultTable([record], context: ReportSamples.context))
    if format != .googleBenchmark { #expect(text.contains("more than a factor of two")) }
    guard format == .json, case .array(let rows) = try JSONValue(parsing: text.utf8),
      case .object(let row)? = rows.first
    else { return }
    let nothing = JSONValue.null
    #expect(
      row["microseconds"]
        == .object(["median": nothing, "low": nothing, "high": nothing, "samples": .integer(12)]))
    #expect(
      row["relative_speed"] == .object(["ratio": nothing, "low": nothing, "high": nothing]))
    #expect(row["gflops"] == nothing && row["verdict"] == .string("undecided"))
  }

  @Test func aContestedReferenceIsNotCalledTheFastest() {
    var record = ReportSamples.record(kernel: "k", nanoseconds: 100)
    record.isReference = true
    #expect(record.verdict == .fastest && record.indecision == nil)
    record.isContested = true
    #expect(record.verdict == .compared(.undecided))
    #expect(record.indecision == "whether another kernel is faster is not shown")
  }

  @Test func countsAreOfOneRun() {
    var record = ReportSamples.record(kernel: "k", nanoseconds: 100)
    #expect(record.cyclesPerRun == nil)
    record.counts = EventCounts(cycles: 900, pageFaults: 4)
    #expect(record.cyclesPerRun == nil)
    record.countedRuns = 6
    #expect(record.cyclesPerRun == 150)
    #expect(record.instructionsPerRun == nil)
  }

  @Test func thisMachineHasAContext() {
    let context = RunContext.current(
      tool: "dsbench", version: "0", commit: "c", compiler: "s", command: "x",
      machine: ReportSamples.machine, cpus: [0])
    #expect(!context.host.isEmpty)
    #expect(context.date.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/))
    #expect(context.loadAverages.count == 3)
  }

  @Test func namesOfColumnsAreUnique() {
    let names = BenchmarkRecord.fields.map(\.column.name)
    #expect(Set(names).count == names.count)
  }

  // MARK: - google-benchmark

  private func googleBenchmark(_ table: ResultTable) throws -> (
    context: [String: JSONValue], benchmarks: [[String: JSONValue]]
  ) {
    let value = try JSONValue(parsing: OutputFormat.googleBenchmark.text(table).utf8)
    guard case .object(let file) = value, case .object(let context)? = file["context"],
      case .array(let benchmarks)? = file["benchmarks"]
    else { return ([:], []) }
    return (context, benchmarks.map { if case .object(let members) = $0 { members } else { [:] } })
  }

  @Test func googleBenchmarkHasItsStructure() throws {
    let (context, benchmarks) = try googleBenchmark(ReportSamples.table)
    #expect(context["json_schema_version"] == .integer(1))
    #expect(context["num_cpus"] == .integer(2))
    #expect(context["mhz_per_cpu"] == .integer(3400))
    #expect(context["cpu_scaling_enabled"] == .bool(false))
    #expect(context["commit"] == .string("abc1234"))
    for key in ["date", "host_name", "executable", "caches", "load_avg", "library_build_type"] {
      #expect(context[key] != nil, "\(key)")
    }

    #expect(benchmarks.count == 2 * 13)
    let name = "depthwise 3x3 s1 p1,1 7x7x32 relu6 f32/simd/columns:14,rows:4/threads:2"
    let simd = benchmarks.filter { $0["run_name"] == .string(name) }
    #expect(simd.count == 13)
    for benchmark in simd {
      for key in [
        "name", "family_index", "per_family_instance_index", "run_type", "repetitions", "threads",
        "iterations", "real_time", "cpu_time", "time_unit", "gflops", "max_error",
      ] {
        #expect(benchmark[key] != nil, "\(key)")
      }
      #expect(benchmark["verdict"] == nil)
    }
    #expect(simd.prefix(12).enumerated().allSatisfy { $1["repetition_index"] == .integer($0) })
    #expect(simd[12]["aggregate_name"] == .string("median"))
    #expect(simd[12]["real_time"] == .number(1002))
  }

  @Test func googleBenchmarkSurvivesHostileNames() throws {
    #expect(
      try googleBenchmark(ReportSamples.hostileTable).benchmarks.count == 3
        * ReportSamples.hostile.count)
  }

  private static let comparison = "/usr/share/benchmark/compare.py"
  private static let canCompare =
    FileManager.default.fileExists(atPath: comparison)
    && (try? Python.run(arguments: [comparison, "--help"], files: [:])) != nil

  /// Debian's libbenchmark-tools reads two of our files, and its own U test sees the difference.
  @Test(.enabled(if: canCompare, "libbenchmark-tools or its scipy is missing"))
  func googleBenchmarkIsComparedByItsOwnTool() throws {
    func file(_ nanoseconds: Double) -> String {
      let record = ReportSamples.record(kernel: "simd", nanoseconds: nanoseconds)
      return OutputFormat.googleBenchmark.text(
        ResultTable([record], context: ReportSamples.context))
    }
    let output = try Python.run(
      arguments: [Self.comparison, "--no-color", "benchmarks", "a.json", "b.json"],
      files: ["a.json": file(1000), "b.json": file(1500)])
    #expect(output.contains("+0.5000"))
    #expect(output.contains("U Test, Repetitions: 12 vs 12"))
  }
}
