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
import Glibc

/// One run of `dstune`: machine, journal and files around the tuner.
final class TuningJob {
  private let files: TuningFiles
  private var request: TuningRequest
  private let topology: Topology
  private let patterns: [Int: CorePattern]
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
    let output =
      arguments.string("output")
      ?? ScheduleName(
        request, model: plan?.plan.model ?? arguments.string("model"), topology: topology
      ).path
    files = TuningFiles(output: output, journal: arguments.string("journal"))
    isResuming = arguments.flag("resume")
    if let quota = topology.cpuQuota, quota < Double(request.workers) {
      console.warning(
        "this process may use \(quota) of a core on average (cgroup quota) and \(request.workers) "
          + "threads are asked for: they will be throttled, and the times with them",
        hint: "use --threads \(max(1, Int(quota))) or raise the quota")
    }
    if let path = files.doubleUse {
      throw arguments.usageError("\(path): --output and --journal must be different files")
    }
    try files.check(timesTrials: request.effort != .estimate, isResuming: isResuming)
  }

  // MARK: - Running

  func run() throws -> TuningResult {
    guard request.effort != .estimate else { return try estimated() }
    do {
      try Clock.monotonic.expectFit()
    } catch {
      throw CommandFailure(.machineCannot, error.description)
    }
    let lock = MeasurementLock()
    defer { withExtendedLifetime(lock) {} }
    noteDoubts(lock)
    console.note("measuring this machine…")
    let machine = MeasuredMachine(
      topology: topology, instructionSet: request.instructionSet,
      shouldStop: { InterruptFlag.isRaised })
    for sentence in machine.measurement.disagreements { console.warning(sentence) }
    let header = JournalHeader(
      request, machine: machine.description, declared: LiveMachine.current.description,
      patterns: patterns)
    do {
      if isResuming && Journal.exists(path: files.journal) {
        let (journal, recorded, trials) = try Journal.resume(path: files.journal, header: header)
        return try tuned(recorded.restoring(machine.description), journal, trials)
      }
      if isResuming { console.note("\(files.journal): is not there yet, so nothing is continued") }
      // Nothing was timed, which is no reason to put an earlier journal away.
      if InterruptFlag.isRaised { return try tuned(machine.description, nil, .init()) }
      let journal = try Journal.create(path: files.journal, header: header)
      if let earlier = journal.earlierPath {
        console.note("the earlier trials are kept as \(earlier)")
      }
      return try tuned(machine.description, journal, .init())
    } catch let error as JournalError {
      throw CommandFailure(error)
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
    let (path, reasonToKeep) = files.place(for: result)
    if let reasonToKeep {
      console.warning(
        "\(files.output) stays as it is: \(reasonToKeep)", hint: "the new schedule is \(path)")
    }
    // Known before: a file is another one after it was replaced.
    let isData = AtomicPath(path).isStandardOutput
    var failure: CommandFailure?
    do throws(CommandFailure) {
      try ScheduleFile.write(result.schedule, to: path)
    } catch {
      failure = error
    }
    // Who reads the schedule from standard output wants nothing else there.
    let listener =
      isData ? Console(program: "dstune", outputDescriptor: STDERR_FILENO) : console
    if !(isData && form == .json) {
      try TuningSummary(
        result, output: failure == nil ? path : nil,
        journal: request.effort == .estimate ? nil : files.journal
      ).print(in: form, to: listener)
      try listener.flush()
    }
    if let failure { throw failure }
    return InterruptFlag.isRaised ? .interrupted : .ok
  }
}

extension Topology {
  /// What the runtime would know of the machine without measuring.
  var declared: MachineDescription {
    isThisSystem ? LiveMachine.current.description : description
  }
}
