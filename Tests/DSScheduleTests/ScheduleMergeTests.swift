import DSCore
import DSSchedule
import Testing

@Suite struct ScheduleMergeTests {
  @Test(arguments: 0..<200) func orderAndRepetitionDoNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...5, using: &generator)
    let schedules = (0..<count).map { _ in ScheduleSamples.random(&generator) }
    let merge = try Schedule.merge(schedules)
    #expect(try Schedule.merge(schedules.shuffled(using: &generator)) == merge)
    #expect(try Schedule.merge(schedules + schedules) == merge)
    #expect(try Schedule.merge([merge.schedule]).schedule == merge.schedule)
    #expect(try Schedule.merge(schedules + [merge.schedule]).schedule == merge.schedule)
    #expect(try ScheduleSamples.read(merge.schedule.text) == merge.schedule)
  }

  @Test(arguments: 0..<100) func stagesDoNotMatterForTheEntries(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 1000 + seed)
    let (a, b, c) = (
      ScheduleSamples.random(&generator), ScheduleSamples.random(&generator),
      ScheduleSamples.random(&generator)
    )
    let staged = try Schedule.merge([try Schedule.merge([a, b]).schedule, c])
    #expect(try Schedule.merge([a, b, c]).schedule.entries == staged.schedule.entries)
  }

  @Test(arguments: 0..<100) func everyProblemKeepsOneOfItsMostCertainEntries(seed: UInt64) throws {
    var generator = SeededGenerator(seed: 2000 + seed)
    let schedules = (0..<3).map { _ in ScheduleSamples.random(&generator) }
    let order: [ScheduleEntry.State] = [.foreign, .predicted, .partial, .measured, .confirmed]
    let merged = try Schedule.merge(schedules).schedule
    #expect(Set(merged.entries.map(\.problem)) == Set(schedules.flatMap(\.entries).map(\.problem)))
    for entry in merged.entries {
      let rivals = schedules.compactMap { $0.entry(for: entry.problem) }
      #expect(rivals.contains(entry))
      let best = rivals.compactMap { order.firstIndex(of: $0.state) }.max()
      #expect(order.firstIndex(of: entry.state) == best)
    }
  }

  private func schedule(_ entries: ScheduleEntry...) -> Schedule {
    var schedule = Schedule(
      network: NetworkIdentity(name: "net", resolution: 224),
      tool: ToolIdentity(version: "1", registry: "r"),
      machine: MachineIdentity(cpu: "c", instructionSets: ["avx2"], topology: "core:2"), threads: 2)
    schedule.entries = entries
    return schedule
  }

  private func entry(
    _ kernel: String, _ state: ScheduleEntry.State = .confirmed, at median: Double,
    width: Double = 0.2, samples: Int = 20
  ) -> ScheduleEntry {
    ScheduleEntry(
      problem: "p", kernel: kernel, state: state,
      microseconds: MeasuredInterval(
        median: median, low: median - width / 2, high: median + width / 2, samples: samples))
  }

  @Test func moreSamplesThenNarrowerThenName() throws {
    func winner(_ entries: ScheduleEntry...) throws -> String? {
      try Schedule.merge(entries.map { schedule($0) }).schedule.entries.first?.kernel
    }
    #expect(try winner(entry("a", .measured, at: 9), entry("b", .confirmed, at: 10)) == "b")
    #expect(try winner(entry("a", at: 10), entry("b", at: 10, samples: 21)) == "b")
    #expect(try winner(entry("a", at: 10), entry("b", at: 10, width: 0.1)) == "b")
    #expect(try winner(entry("b", at: 10), entry("a", at: 10)) == "a")
  }

  @Test func excludingTimesOfDifferentConfirmedKernelsAreAConflict() throws {
    let merge = try Schedule.merge([schedule(entry("a", at: 10)), schedule(entry("b", at: 12))])
    #expect(merge.conflicts.map(\.problem) == ["p"])
    #expect(merge.conflicts.first?.entries.map(\.kernel) == ["b", "a"])
    #expect(merge.schedule.warnings.count == 1)
    #expect(merge.schedule.warnings.first?.contains("'p'") == true)
  }

  @Test func noConflictWhereTimesOverlapOrTheKernelIsTheSameOrOneIsNotConfirmed() throws {
    for other in [entry("b", at: 10.1), entry("a", at: 12), entry("b", .measured, at: 12)] {
      let merge = try Schedule.merge([schedule(entry("a", at: 10)), schedule(other)])
      #expect(merge.conflicts.isEmpty)
      #expect(merge.schedule.warnings.isEmpty)
    }
  }

  @Test func theNetworkResultStaysOnlyWithItsEntries() throws {
    var first = schedule(entry("a", at: 10))
    first.networkResult = NetworkResult(
      defaultMilliseconds: 6, tunedMilliseconds: 5, ratio: 1.2, low: 1.1, high: 1.3)
    let better = schedule(entry("b", at: 10, samples: 30))
    #expect(try Schedule.merge([first, first]).schedule.networkResult == first.networkResult)
    #expect(try Schedule.merge([first, better]).schedule.networkResult == nil)
  }

  /// Of entries that nobody timed together only the layers' findings hold.
  @Test func findingsStayOnlyWithTheirEntries() throws {
    func finding(_ problem: String, _ candidates: Int) -> LayerFinding {
      LayerFinding(problem: problem, count: 1, candidates: candidates)
    }
    var (first, second) = (schedule(entry("a", at: 10)), schedule(entry("b", at: 10, samples: 30)))
    first.findings = TuningFindings(
      .kept, peakGigaflops: 100, layers: [finding("p", 3), finding("q", 2)])
    second.findings = TuningFindings(.coresMoved, layers: [finding("p", 5)])
    #expect(try Schedule.merge([first, first]).schedule.findings == first.findings)
    #expect(try Schedule.merge([first, second]).schedule.findings == second.findings)
    second.entries.append(
      ScheduleEntry(
        problem: "q", kernel: "c", state: .predicted, microseconds: MeasuredInterval()))
    first.entries.append(
      ScheduleEntry(
        problem: "q", kernel: "c", state: .measured,
        microseconds: MeasuredInterval(median: 1, low: 1, high: 1, samples: 3)))
    let merged = try Schedule.merge([first, second]).schedule.findings
    #expect(merged == TuningFindings(.merged, layers: [finding("p", 5), finding("q", 2)]))
  }

  @Test func barriersOfAllSourcesCount() throws {
    var (first, second, third) = (schedule(), schedule(), schedule())
    first.noise = NoiseRecord(floorRatio: 1.01, barrierNanoseconds: [110, 130])
    second.noise = NoiseRecord(floorRatio: 1.02, barrierNanoseconds: [480])
    third.noise = NoiseRecord(floorRatio: 1.03)
    let noise = try Schedule.merge([first, second, third]).schedule.noise
    #expect(noise?.floorRatio == 1.03)
    #expect(noise?.leastBarrierNanoseconds == 110 && noise?.mostBarrierNanoseconds == 480)
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let base = schedule()
    let edits: [(String, (inout Schedule) -> Void)] = [
      ("network.name", { $0.network.name = "x" }), ("network.width", { $0.network.width = 0.5 }),
      ("network.resolution", { $0.network.resolution = 192 }),
      ("network.batch", { $0.network.batch = 8 }),
      ("network.dtype", { $0.network.elementType = .int8 }),
      ("machine.cpu", { $0.machine.cpu = "x" }),
      ("machine.isa", { $0.machine.instructionSets = [] }),
      ("machine.topology", { $0.machine.topology = "x" }), ("threads", { $0.threads = 1 }),
    ]
    for (field, edit) in edits {
      var other = base
      edit(&other)
      let error = #expect(throws: ScheduleError.self) { try Schedule.merge([base, other]) }
      #expect(error?.description.contains(field) == true)
    }
    #expect(throws: ScheduleError.self) { try Schedule.merge([]) }
  }

  @Test func differencesAreComplete() throws {
    let first = try ScheduleSamples.read()
    var second = first
    #expect(Schedule.diff(first, second).isEmpty)
    second.threads = 1
    second.noise = nil
    let problem = first.entries[0].problem
    second.entries[0].microseconds.median = 15.6
    second.entries[1].problem = "pointwise 7x7x32->64 relu6 f32"
    let difference = Schedule.diff(first, second)
    #expect(difference.fields.map(\.path) == ["noise.aa_ratio", "threads"])
    #expect(difference.fields.last?.second == .integer(1))
    #expect(difference.onlyInFirst.map(\.problem) == ["pointwise 112x112x32->64 relu6 f32"])
    #expect(difference.onlyInSecond.map(\.problem) == ["pointwise 7x7x32->64 relu6 f32"])
    #expect(difference.changes.map(\.first.problem) == [problem])
    #expect(difference.changes.first?.isSameChoice == true)
    #expect(difference.changes.first?.speedup == 2)
  }
}
