import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// `dstune check`: whether a schedule fits this machine and build.
enum CheckCommand {
  static let command = Command(
    "check", summary: "Say whether a schedule fits this machine and build",
    details: """
      Exit code 0: every entry is used. 3: some are stale and run with their default kernels. 4: none can be \
      used. Entries that contradict themselves count as stale. With --canary a few entries are timed again, and \
      those that left their interval count as stale.
      """,
    examples: [
      .init("dstune check xception.schedule.json", "Entry by entry"),
      .init("dstune check xception.schedule.json --canary", "Time three of them again"),
    ],
    flags: [
      SharedFlags.threads, SharedFlags.instructionSet,
      Flag("canary", category: "Measurement", summary: "Time three entries again"),
    ],
    positionals: [Positional("FILE", value: .path, summary: "the schedule")]
  ) { arguments, console in
    let path = arguments.positional("FILE") ?? ""
    let schedule = try ScheduleFile.read(path)
    let network = try ScheduleFile.network(of: schedule, path: path)
    let live = LiveMachine.current
    let options = arguments.runtimeOptions()
    let instructionSet = options.instructionSet ?? Registry.bestInstructionSet
    let resolution = ScheduleResolution(
      schedule, network: network, machine: live.description, instructionSet: instructionSet,
      workers: options.threads ?? min(schedule.threads, live.processors.count),
      cacheDomains: live.cacheDomains)
    for notice in resolution.report.notices { console.warning(notice) }
    for line in resolution.report.lines {
      if case .dropped(let reason) = line.outcome {
        try console.print("stale: \(line.problem): \(reason)")
      } else if line.outcome == .unrelated {
        try console.print("unrelated: \(line.problem)")
      }
    }
    // What was dropped has had its line.
    let dropped = Set(resolution.report.droppedLines.map(\.problem))
    let defects = schedule.defects().filter { !dropped.contains($0.problem) }
    for defect in defects { try console.print("stale: \(defect)") }
    try console.print(resolution.report.summary)
    if resolution.report.usedCount == 0 { return .machineCannot }
    var isStale = resolution.report.usedCount < schedule.entries.count || !defects.isEmpty
    if arguments.flag("canary") {
      let canary: Canary
      do {
        canary = try Canary(schedule, resolution, instructionSet: instructionSet)
      } catch let error as RuntimeError {
        throw CommandFailure(error)
      }
      for line in canary.lines { try console.print(line) }
      isStale = isStale || canary.isStale
    }
    return isStale ? .unreadableInput : .ok
  }
}

/// A few entries of a schedule, timed again.
private struct Canary {
  private(set) var lines: [String] = []
  private(set) var isStale = false

  /// Beyond this a time is another one, whatever the noise.
  private static let tolerance = 1.15

  init(
    _ schedule: Schedule, _ resolution: ScheduleResolution, instructionSet: InstructionSet
  ) throws(RuntimeError) {
    let timed = schedule.entries.filter { $0.microseconds.samples > 0 }
      .sorted { $0.microseconds.median > $1.microseconds.median }
    for entry in timed.prefix(3) {
      guard let problem = try? Problem(key: entry.problem), let choice = resolution.choices[problem]
      else { continue }
      let pool = try WorkerPool(
        workers: choice.workers, processors: LiveMachine.current.processors)
      let bench = TrialBench(
        problem, channelBlock: instructionSet.channelBlock(problem.elementType), pool: pool, seed: 1
      )
      let run = bench.prepare(
        Candidate(
          kernel: choice.kernel, values: choice.values, workers: choice.workers,
          predictedMicroseconds: 0), rotationBytes: 2 << 20)
      _ = WarmUp(iterations: 1) { run.run(iterations: $0) }
      let calibration = BlockCalibration { run.run(iterations: $0) }
      let timer = BlockTimer()
      let samples = (0..<15).map { round in
        timer.time(round: round, iterations: calibration.iterations) { run.run(iterations: $0) }
          .nanosecondsPerRun / 1000
      }
      guard let median = SortedSample(samples)?.median else { continue }
      let ratio = median / entry.microseconds.median
      let isOff = ratio > Self.tolerance || ratio < 1 / Self.tolerance
      isStale = isStale || isOff
      lines.append(
        "canary: \(entry.problem): \(Quantity.fixed(median, decimals: 1)) µs, "
          + "\(Quantity.fixed(ratio, decimals: 2)) times the schedule's"
          + (isOff ? ": stale, run dstune again" : ""))
    }
  }
}
