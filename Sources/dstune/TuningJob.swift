import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// One run of `dstune`: machine, journal and files around the tuner.
final class TuningJob {
  let outputPath: String
  private var request: TuningRequest
  private let topology: Topology
  private let patterns: [Int: CorePattern]
  private let journalPath: String
  private let isResuming: Bool
  private let console: Console

  /// - Parameter plan: of a tuning that several machines share, with this machine's part of it.
  init(
    _ arguments: Arguments, network: Network, console: Console,
    plan: (plan: ShardPlan, shard: Shard)? = nil
  ) throws {
    self.console = console
    let task = try TuningTask(arguments, network: network, plan: plan)
    (topology, patterns) = (task.topology, task.patterns)
    var request = task.request
    request.seconds = arguments.seconds("time")
    for note in request.notes { console.warning(note) }
    self.request = request
    outputPath =
      arguments.string("output")
      ?? ScheduleName(
        request, model: plan?.plan.model ?? arguments.string("model"), topology: topology
      ).path
    journalPath = arguments.string("journal") ?? Self.journalName(for: outputPath)
    isResuming = arguments.flag("resume")
    if let quota = topology.cpuQuota, quota < Double(request.workers) {
      console.warning(
        "this process may use \(quota) of a core on average (cgroup quota) and \(request.workers) "
          + "threads are asked for: they will be throttled, and the times with them",
        hint: "use --threads \(max(1, Int(quota))) or raise the quota")
    }
    let output = AtomicPath(outputPath)
    if output.isSame(as: AtomicPath(journalPath)) {
      throw arguments.usageError(
        "\(outputPath): --output and --journal must be different files")
    }
    try ScheduleFile.checkReplaceable(outputPath)
  }

  private static func journalName(for output: String) -> String {
    stem(of: output) + ".trials.jsonl"
  }

  private static func stem(of output: String) -> String {
    let ending = ".schedule.json"
    return output.hasSuffix(ending) ? String(output.dropLast(ending.count)) : output
  }

  // MARK: - Running

  func run() throws -> TuningResult {
    guard request.effort != .estimate else { return try estimated() }
    let lock = MeasurementLock()
    defer { withExtendedLifetime(lock) {} }
    noteDoubts(lock)
    console.note("measuring this machine…")
    let machine = MeasuredMachine(topology: topology, instructionSet: request.instructionSet)
    for sentence in machine.measurement.disagreements { console.warning(sentence) }
    let header = JournalHeader(
      request, machine: machine.description, declared: LiveMachine.current.description,
      patterns: patterns)
    do {
      if isResuming && Journal.exists(path: journalPath) {
        let (journal, recorded, trials) = try Journal.resume(path: journalPath, header: header)
        return try tuned(recorded.restoring(machine.description), journal, trials)
      }
      if isResuming { console.note("\(journalPath): is not there yet, so nothing is continued") }
      let journal = try Journal.create(path: journalPath, header: header)
      if let earlier = journal.earlierPath {
        console.note("the earlier trials are kept as \(earlier)")
      }
      return try tuned(machine.description, journal, .init())
    } catch let error as JournalError {
      let isOutput = if case .unwritable = error { true } else { false }
      throw CommandFailure(isOutput ? .machineCannot : .unreadableInput, error.description)
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
  }

  private func estimated() throws -> TuningResult {
    do {
      return try tuned(topology.description, nil, .init())
    } catch let error as RuntimeError {
      throw CommandFailure(error)
    }
  }

  /// What makes this machine's times unsteady goes into the schedule: it cannot be seen there later.
  private func noteDoubts(_ lock: MeasurementLock) {
    var doubts = MachineInspector().doubts(cpus: request.processors)
    if lock.isContended { doubts.append(.otherMeasurement) }
    request.notes += doubts.map(\.description)
  }

  private func tuned(
    _ machine: MachineDescription, _ journal: Journal?, _ recorded: RecordedTrials
  ) throws -> TuningResult {
    var progress = ProgressLine(on: console)
    let tuner = try Tuner(
      request, machine: machine, declared: topology.declared, patterns: patterns, journal: journal,
      recorded: recorded, shouldStop: { InterruptFlag.isRaised }
    ) { [console] event in
      switch event {
      case .progress(let completed, let total, let label):
        progress.update(completed: completed, of: total, label: label)
      case .warning(let sentence):
        progress.clear()
        console.warning(sentence)
      case .noise, .problem: break
      }
    }
    let result = try tuner.tune()
    progress.finish()
    if let failure = journal?.failure { console.warning(failure.description) }
    return result
  }

  // MARK: - The end

  /// Writes the schedule and prints the summary, which is there even where the schedule cannot be.
  func finish(_ result: TuningResult, in form: OutputForm) throws -> ExitCode {
    let path = placeFor(result)
    var failure: CommandFailure?
    do throws(CommandFailure) {
      try ScheduleFile.write(result.schedule, to: path)
    } catch {
      failure = error
    }
    try TuningSummary(
      result, output: failure == nil ? path : nil,
      journal: request.effort == .estimate ? nil : journalPath
    ).print(in: form, to: console)
    if let failure { throw failure }
    return InterruptFlag.isRaised ? .interrupted : .ok
  }

  /// A run that was stopped, or predicts only, must not replace a schedule that knows more.
  private func placeFor(_ result: TuningResult) -> String {
    guard result.confirmation == nil, let earlier = try? Schedule.read(path: outputPath) else {
      return outputPath
    }
    let reason: String
    let (known, found) = (earlier.timedEntryCount, result.schedule.timedEntryCount)
    if earlier.networkResult != nil {
      reason = "it was timed in the whole network and this one was not"
    } else if known > found {
      reason = "\(known) of its entries were timed, and \(found) of this one's"
    } else {
      return outputPath
    }
    let partial = Self.stem(of: outputPath) + ".partial.schedule.json"
    console.warning(
      "\(outputPath) stays as it is: \(reason)", hint: "the new schedule is \(partial)")
    return partial
  }
}

extension Schedule {
  fileprivate var timedEntryCount: Int { entries.count { $0.microseconds.samples > 0 } }
}

extension Topology {
  /// What the runtime would know of the machine without measuring.
  var declared: MachineDescription {
    isThisSystem ? LiveMachine.current.description : description
  }
}
