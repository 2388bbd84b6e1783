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
      Exit code 0: every entry is used. 3: some are stale and run with their default kernels, or the file cannot \
      be read, which is said as an error. 4: none can be used. Entries that contradict themselves count as \
      stale. With --canary a few entries are timed again, and those whose time is another one by more than 15 % \
      each of three times count as stale.
      """,
    examples: [
      .init("dstune check xception.schedule.json", "Entry by entry"),
      .init("dstune check xception.schedule.json --canary", "Time three of them again"),
    ],
    flags: [
      SharedFlags.model, SharedFlags.threads, SharedFlags.instructionSet,
      Flag("canary", category: "Measurement", summary: "Time three entries again"),
    ],
    positionals: [Positional("FILE", value: .path, summary: "the schedule")]
  ) { arguments, console in
    let path = arguments.positional("FILE") ?? ""
    let schedule = try ScheduleFile.read(path)
    let whole = try ScheduleFile.network(
      of: schedule, path: path, model: arguments.string("model"))
    let host: RuntimeHost
    do throws(RuntimeError) {
      host = try RuntimeHost(arguments.runtimeOptions(), schedule: schedule)
    } catch {
      throw CommandFailure(error)
    }
    let network = host.inMicroBatches(whole, schedule: schedule)
    let resolution = ScheduleResolution(
      schedule, network: network, machine: host.machine, instructionSet: host.instructionSet,
      workers: host.workers, cacheDomains: host.cacheDomains)
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
        try Clock.monotonic.expectFit()
        canary = try Canary(schedule, resolution, instructionSet: host.instructionSet)
      } catch let error as RuntimeError {
        throw CommandFailure(error)
      } catch let error as ClockDefect {
        throw CommandFailure(.machineCannot, error.description)
      }
      for note in canary.notes { console.note(note) }
      for line in canary.lines { try console.print(line) }
      isStale = isStale || canary.isStale
    }
    return isStale ? .unreadableInput : .ok
  }
}
