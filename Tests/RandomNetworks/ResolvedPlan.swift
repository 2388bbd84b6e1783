import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSSchedule

/// What a schedule's file says, read back as an application reads it.
struct ResolvedPlan {
  var choices: [Problem: KernelChoice] = [:]
  var path: String?
  var bandLimits: BandLimits?

  /// Without a schedule.
  init() {}

  /// - Throws: where an entry of the schedule is dropped, which no legal one is.
  init(
    _ schedule: Schedule, _ network: Network, _ machine: MachineDescription,
    _ instructionSet: InstructionSet, _ workers: Int, path: String, bandLimits: BandLimits?
  ) throws {
    try schedule.write(path: path)
    let resolution = ScheduleResolution(
      try Schedule.read(path: path), network: network, machine: machine,
      instructionSet: instructionSet, workers: workers)
    for line in resolution.report.lines where line.outcome != .used {
      throw Refused(path: path, entry: "\(line)")
    }
    choices = resolution.choices
    self.path = path
    self.bandLimits = bandLimits
  }

  struct Refused: Error, CustomStringConvertible {
    let path: String
    let entry: String
    var description: String { "\(path): a legal entry is not used: \(entry)" }
  }
}
