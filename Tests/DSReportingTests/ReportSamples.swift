import DSCore
import DSMeasurement
import DSReporting

enum ReportSamples {
  static let machine = MachineDescription(
    cpu: "AuthenticAMD/26/2", modelName: "Example 9", instructionSet: .avx512, cores: 2,
    processingUnits: 2,
    caches: [
      .init(level: 1, byteCount: 49152), .init(level: 3, byteCount: 32 << 20, sharedByCores: 2),
    ])

  static let context = RunContext(
    tool: "dsbench", version: "0.3.0", commit: "abc1234", compiler: "Swift 6.3.1",
    command: "dsbench compare kernels --model mobilenet-v1", date: "2026-01-02T03:04:05+00:00",
    host: "bench", machine: machine, loadAverages: [0.5, 0.25, 0.125], megahertz: 3400.4,
    isScalingFrequency: false, isAddressSpaceRandomized: true, doubts: [.turbo])

  static func record(
    kernel: String, nanoseconds: Double, problem: String = "depthwise 3x3 s1 p1,1 7x7x32 relu6 f32",
    samples count: Int = 12
  ) -> BenchmarkRecord {
    var record = BenchmarkRecord(
      problem: problem, kernel: kernel, instructionSet: .avx512, threads: 2,
      parameters: ["columns": 14, "rows": 4], cache: "network",
      samplesNanoseconds: (0..<count).map {
        nanoseconds + Double(($0 * 7) % 5) * nanoseconds / 1000
      },
      noiseFloor: 1.01)
    record.setWork(flops: 28_224, bytes: 13_696)
    return record
  }

  static var records: [BenchmarkRecord] {
    let reference = record(kernel: "naive", nanoseconds: 31_200)
    var simd = record(kernel: "simd", nanoseconds: 1_000)
    simd.percentOfRoof = 61.25
    simd.bound = "l2"
    simd.maximumError = 3.1e-7
    simd.isCorrect = true
    simd.relativeSpeed = PairedRatio(
      reference.samplesNanoseconds, over: simd.samplesNanoseconds)
    simd.reproduce = "dsbench compare kernels --kernels simd"
    return [reference, simd]
  }

  static var table: ResultTable { ResultTable(records, context: context) }

  /// Everything that has ever broken a writer.
  static let hostile = [
    "plain", "", "a,b", "say \"hi\"", "it's", "two\nlines", "cr\rlf\r\nend", "pipe|pipe",
    "back\\slash",
    "tab\there", "nul\0inside", "bell\u{7}", "é 漢 😀", "'; DROP TABLE dsbench; --", "<script>",
    "\u{2028}",
  ]

  static var hostileTable: ResultTable {
    let columns = [
      Column("text", title: "te|xt", kind: .text, role: .key),
      Column("index", title: "index", kind: .integer),
      Column("list", kind: .nested), Column("odd \"name'", "inner,", kind: .number),
      Column("flag", kind: .flag), Column("samples_ns", kind: .nested, role: .samples),
    ]
    let numbers: [Double] = [.nan, .infinity, 0, -0.5, 1e300]
    let rows = hostile.enumerated().map { index, text in
      [
        ReportValue.text(text), .integer(index), .texts([text, text]),
        .number(numbers[index % numbers.count]),
        index % 3 == 0 ? .missing : .flag(index % 3 == 1), .numbers([1, 2.5]),
      ]
    }
    var context = context
    context.command = "dsbench --problem \"it's, |odd|\"\n--x"
    return ResultTable(name: "bench \"1\"", columns: columns, rows: rows, context: context)
  }
}
