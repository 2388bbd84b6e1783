import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule
import Testing

/// Nothing here runs a kernel, so all of it holds on any CPU.
@Suite("What becomes of a schedule's entries")
struct ScheduleResolutionTests {
  private let sample: SampleSchedule

  init() throws { sample = try SampleSchedule() }

  private func resolve(
    _ schedule: Schedule, machine: MachineDescription = SampleSchedule.machine,
    instructionSet: InstructionSet = .avx512, workers: Int = 2, cacheDomains: [Int] = []
  ) -> ScheduleResolution {
    ScheduleResolution(
      schedule, network: sample.network, machine: machine, instructionSet: instructionSet,
      workers: workers, cacheDomains: cacheDomains)
  }

  /// Expects the one entry to be dropped, and returns why.
  private func droppedReason(
    _ schedule: Schedule, machine: MachineDescription = SampleSchedule.machine,
    instructionSet: InstructionSet = .avx512, workers: Int = 2
  ) throws -> String {
    let resolution = resolve(
      schedule, machine: machine, instructionSet: instructionSet, workers: workers)
    #expect(resolution.choices.isEmpty)
    #expect(resolution.report.summary == "0 of 1 entries used, 1 dropped")
    let line = try #require(resolution.report.droppedLines.first)
    #expect(line.problem == schedule.entries[0].problem)
    #expect(line.kernel == schedule.entries[0].kernel)
    guard case .dropped(let reason) = line.outcome else { return "" }
    return reason
  }

  // MARK: - Schedules that fit

  @Test("A schedule of this machine is used whole")
  func allUsed() throws {
    let resolution = resolve(sample.schedule)
    let count = sample.schedule.entries.count
    #expect(count > 30)
    #expect(resolution.report.usedCount == count)
    #expect(resolution.report.notices.isEmpty)
    #expect(resolution.report.summary == "\(count) of \(count) entries used")
    for entry in sample.schedule.entries {
      let choice = try #require(resolution.choices[Problem(key: entry.problem)])
      #expect(choice.kernel.id == entry.kernel)
      #expect(choice.kernel.named(choice.values) == entry.parameters)
      #expect(CorePattern(cores: choice.workers).description == entry.cores)
    }
  }

  @Test("An entry without a hash, of an older file, is used")
  func noHash() {
    #expect(resolve(sample.single { $0.compatibility = "" }).report.usedCount == 1)
  }

  @Test("More threads than an entry needs are no reason against it")
  func moreThreads() {
    #expect(resolve(sample.single(), workers: 64).report.usedCount == 1)
  }

  /// Two threads each did half of a layer of which the first was believed to do all, and nobody waited for the other.
  @Test("A kernel that cannot be shared gets one thread, whatever its entry says")
  func notShared() throws {
    let problem = try Problem(key: SampleSchedule.pointwiseKey)
    let kernel = try #require(
      Registry.standard.kernels(for: problem, upTo: .avx512, workers: 2)
        .first { $0.method == .simd })
    let values = try #require(
      kernel.candidates(ParameterAxis.Context(problem: problem, workers: 2)).first)
    let schedule = sample.single { entry in
      entry.kernel = kernel.id
      entry.compatibility = kernel.compatibility
      entry.parameters = kernel.named(values)
      entry.cores = CorePattern(cores: 2).description
    }
    #expect(resolve(schedule).choices[problem]?.workers == 1)
  }

  @Test("Entries for other problems are none of this network's business")
  func unrelated() {
    var schedule = sample.single()
    for problem in ["pointwise 5x5x5->5 none f32", "softmax 1x1x7 none f32"] {
      var entry = schedule.entries[0]
      entry.problem = problem
      entry.kernel = "whatever"
      schedule.entries.append(entry)
    }
    let report = resolve(schedule).report
    #expect(report.usedCount == 1)
    #expect(report.droppedLines.isEmpty)
    #expect(report.lines.count { $0.outcome == .unrelated } == 2)
    #expect(report.summary == "1 of 3 entries used, 2 for other problems")
  }

  @Test("Another network's schedule gives what the two share, and says so")
  func otherNetwork() throws {
    var schedule = sample.schedule
    schedule.network.name = "xception"
    let report = resolve(schedule).report
    #expect(report.usedCount == schedule.entries.count)
    #expect(report.notices.count == 1)
    #expect(report.notices[0].contains("made for xception"))
  }

  // MARK: - Entries that do not

  @Test(
    "Keys that are none, or not as they are written",
    arguments: [
      ("no key at all", "'no' is no operator"), ("", "it ends before the operator"),
      ("pointwise 2x2x128->128 relu6", "it ends before"),
      ("pointwise 2x2x0->128 relu6 f32", "2x2x0"),
      (" pointwise  2x2x128->128 relu6 f32", "written '\(SampleSchedule.pointwiseKey)'"),
      ("pointwise 02x2x128->128 relu6 f32", "written"),
    ])
  func badKey(key: String, complaint: String) throws {
    let reason = try droppedReason(sample.single { $0.problem = key })
    #expect(reason.contains(complaint), "\(reason)")
  }

  @Test(
    "Hostile parameters",
    arguments: [
      ("rows", 0), ("rows", -1), ("rows", 1_000_000_000), ("vectors", 0), ("vectors", 5),
      ("stripTiles", 1_000_000_000), ("stripTiles", Int.min), ("rowParts", .max), ("rowParts", 0),
    ])
  func hostile(name: String, value: Int) throws {
    let reason = try droppedReason(sample.single { $0.parameters[name] = value })
    #expect(reason.contains("not usable"))
    #expect(reason.contains(sample.single().entries[0].kernel))
  }

  @Test("Missing and unknown parameters")
  func parameterNames() throws {
    #expect(
      try droppedReason(sample.single { $0.parameters["rows"] = nil }).contains("'rows' is missing")
    )
    #expect(
      try droppedReason(sample.single { $0.parameters["colour"] = 3 }).contains("'colour'"))
  }

  @Test("A strip of a thousand million rows, in a fused block")
  func fusedStrip() throws {
    var schedule = sample.schedule
    schedule.entries = schedule.entries.filter { $0.problem.hasPrefix("separable") }
    #expect(!schedule.entries.isEmpty)
    for strip in [0, -1, 1_000_000_000] {
      for index in schedule.entries.indices {
        schedule.entries[index].parameters["stripRows"] = strip
      }
      let report = resolve(schedule).report
      #expect(report.usedCount == 0)
      #expect(report.droppedLines.count == schedule.entries.count)
    }
  }

  /// Legal one by one, but a buffer of gigabytes for each thread must not be tried.
  @Test("Legal parameters that ask for absurd scratch")
  func absurdScratch() throws {
    let network = try Network(model: .mobileNetV1)
    let problem = try #require(
      network.fusionGroups.first { $0.problem.input.width == 112 }?.problem)
    let kernel = try Registry.standard.kernel(id: "f32-separable-fused__avx512")
    var schedule = sample.single()
    schedule.entries[0].problem = problem.key
    schedule.entries[0].kernel = kernel.id
    schedule.entries[0].compatibility = kernel.compatibility
    schedule.entries[0].parameters = [
      "rows": 6, "vectors": 4, "stripRows": 1 << 12, "columns": 14, "stripTiles": 0,
    ]
    schedule.entries[0].cores = "64c/1pu/1xL3"
    let resolution = ScheduleResolution(
      schedule, network: network, machine: SampleSchedule.machine, instructionSet: .avx512,
      workers: 64)
    guard case .dropped(let reason) = resolution.report.lines[0].outcome else {
      Issue.record("\(resolution.report.lines[0].outcome)")
      return
    }
    #expect(reason.contains("bytes of scratch for each of 64 threads"))
  }

  @Test("A kernel that this build does not have")
  func unknownKernel() throws {
    let reason = try droppedReason(sample.single { $0.kernel = "f32-pointwise-magic__avx512" })
    #expect(reason == "kernel 'f32-pointwise-magic__avx512' is not in this build")
  }

  @Test("A kernel for another operator")
  func unsuitableKernel() throws {
    let kernel = try Registry.standard.kernel(id: "f32-depthwise-3x3s1-simd__avx512")
    let reason = try droppedReason(
      sample.single {
        $0.kernel = kernel.id
        $0.compatibility = kernel.compatibility
      })
    #expect(reason.contains("cannot run '\(SampleSchedule.pointwiseKey)'"))
  }

  @Test(
    "A schedule of AVX-512 where there is only less", arguments: [InstructionSet.baseline, .avx2])
  func missingInstructionSet(instructionSet: InstructionSet) throws {
    let reason = try droppedReason(sample.single(), instructionSet: instructionSet)
    #expect(reason.contains("needs avx512, and only \(instructionSet.rawValue) may be used"))
  }

  /// Its tensors would lie in blocks of eight channels where the network's lie in blocks of sixteen.
  @Test("A kernel of a narrower instruction set than the network runs with")
  func narrowerInstructionSet() throws {
    let kernel = try Registry.standard.kernel(id: "f32-pointwise-simd__avx2")
    let reason = try droppedReason(
      sample.single {
        $0.kernel = kernel.id
        $0.compatibility = kernel.compatibility
        $0.parameters = ["rows": 6, "vectors": 2, "stripTiles": 0, "rowParts": 1]
      })
    #expect(reason.contains("cannot run"))
  }

  @Test("Another compatibility hash")
  func compatibility() throws {
    let reason = try droppedReason(sample.single { $0.compatibility = "0123456789abcdef" })
    #expect(reason.contains("another compatibility hash"))
  }

  @Test("More threads than there are")
  func tooManyWorkers() throws {
    let reason = try droppedReason(sample.single { $0.cores = "32c/2pu/4xL3" })
    #expect(reason == "it needs 64 threads and 2 may be used")
  }

  @Test(
    "Malformed core patterns", arguments: ["", "2", "0c/1pu/1xL3", "-2c/1pu/1xL3", "2c/1pu/1xL3/x"])
  func malformedPattern(cores: String) throws {
    let reason = try droppedReason(sample.single { $0.cores = cores })
    #expect(reason == "'\(cores)' is no core pattern")
  }

  @Test("One bad entry costs the others nothing")
  func oneByOne() throws {
    var schedule = sample.schedule
    schedule.entries[3].parameters = ["rows": 1_000_000_000]
    schedule.entries[7].kernel = "gone"
    let resolution = resolve(schedule)
    let count = schedule.entries.count
    #expect(resolution.report.summary == "\(count - 2) of \(count) entries used, 2 dropped")
    #expect(resolution.choices.count == count - 2)
  }
}

extension ScheduleResolutionTests {
  // MARK: - Other machines

  private func machine(_ edit: (inout MachineDescription) -> Void) -> MachineDescription {
    var machine = SampleSchedule.machine
    edit(&machine)
    return machine
  }

  @Test("Another CPU drops every entry")
  func otherCPU() throws {
    let other = machine { $0.cpu = "GenuineIntel/6/143" }
    #expect(
      try droppedReason(sample.single(), machine: other)
        == "it was measured on another CPU (AuthenticAMD/26/2)")
    let report = resolve(sample.schedule, machine: other).report
    #expect(report.usedCount == 0)
    #expect(report.notices.count == 1)
    #expect(report.notices[0].contains("GenuineIntel/6/143"))
  }

  /// The tuner writes "L2" and "FMA"; files by others may write "l2" and "fma".
  @Test(
    "Another cache drops the entries that use it",
    arguments: [
      (1, nil, false), (1, "FMA", false), (1, "L1", false), (2, "L2", false), (2, "l1", false),
      (2, "DRAM", false), (3, nil, false), (3, "L3", false), (3, "DRAM", false), (3, "dram", false),
      (3, "L2", true), (3, "L1", true), (3, "FMA", true), (3, "l2", true), (3, "fma", true),
    ] as [(Int, String?, Bool)])
  func otherCache(level: Int, bound: String?, isUsed: Bool) throws {
    let other = machine { $0.caches[level - 1].byteCount /= 2 }
    let schedule = sample.single { $0.bound = bound }
    let report = resolve(schedule, machine: other).report
    #expect(report.usedCount == (isUsed ? 1 : 0))
    let name = level == 1 ? "l1d" : "l\(level)"
    #expect(report.notices.count == 1)
    #expect(report.notices[0].contains("\(name) was"))
    if !isUsed {
      #expect(try droppedReason(schedule, machine: other).hasPrefix("it uses \(name), which was "))
    }
  }

  @Test("Two CPUs that nobody can name are not the same")
  func unknownCPU() throws {
    let unknown = machine { $0.cpu = "unknown/0/0" }
    var schedule = sample.single()
    schedule.machine.cpu = "unknown/0/0"
    #expect(try droppedReason(schedule, machine: unknown).contains("not known"))
    #expect(resolve(schedule, machine: unknown).report.notices.count == 1)
  }

  @Test(
    "Entries for other cores than threads are bound to are used, and said",
    arguments: [
      ("2c/1pu/1xL3", [0, 0], false), ("2c/1pu/1xL3", [0, 1], true),
      ("2c/1pu/2xL3", [0, 1], false), ("2c/1pu/2xL3", [0, 0, 1], true),
      ("1c/2pu/1xL3", [0, 0], true), ("1c/2pu/1xL3", [], false),
    ])
  func otherCores(cores: String, domains: [Int], isSaid: Bool) {
    let report = resolve(sample.single { $0.cores = cores }, cacheDomains: domains).report
    #expect(report.usedCount == 1)
    #expect(report.notices.count == (isSaid ? 1 : 0))
    #expect(report.notices.allSatisfy { $0.contains(cores) })
  }

  @Test("Other numbers of cores and nodes are said, and keep the entries")
  func otherCores() {
    let other = machine {
      $0.cores = 8
      $0.processingUnits = 16
      $0.numaNodes = 2
    }
    let report = resolve(sample.schedule, machine: other).report
    #expect(report.usedCount == sample.schedule.entries.count)
    #expect(
      report.notices == [
        "the machine's topology is another: core was 4, is 8; numa was 1, is 2; pu was 1, is 2"
      ])
  }

  @Test("A cache that is gone counts as changed")
  func missingCache() throws {
    let other = machine { $0.caches.removeLast() }
    #expect(
      try droppedReason(sample.single(), machine: other)
        == "it uses l3, which was 32M/4 and is absent")
  }
}
