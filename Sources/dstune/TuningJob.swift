import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// One run of `dstune`: machine, journal and files around the tuner.
final class TuningJob {
  let outputPath: String
  private let request: TuningRequest
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
    let effort =
      plan?.plan.effort ?? arguments.string("effort").flatMap(Effort.init) ?? .measure
    topology = try Self.topology()
    guard topology.isThisSystem || effort == .estimate else {
      throw CommandFailure(
        .machineCannot, "\(topology.source) is not this machine, so nothing can be timed on it",
        hint: "add --effort estimate to predict a schedule for it")
    }
    let set = try Self.coreSet(arguments, topology, threads: plan?.plan.threads)
    var request = TuningRequest(
      network: network,
      instructionSet: try Self.instructionSet(arguments, topology, effort),
      processors: set.processors,
      effort: effort, seconds: arguments.seconds("time"))
    request.seed = UInt64(arguments.integer("seed") ?? 1)
    request.shard = plan?.shard
    self.request = request
    patterns = Self.patterns(for: set, topology)
    let part = plan.map { ".shard-\($0.shard.index)" } ?? ""
    outputPath = arguments.string("output") ?? "\(network.name)\(part).schedule.json"
    journalPath = arguments.string("journal") ?? Self.journalName(for: outputPath)
    isResuming = arguments.flag("resume")
    if let quota = topology.cpuQuota, quota < Double(set.processors.count) {
      console.warning(
        "this process may use \(quota) of a core on average (cgroup quota) and \(set.processors.count) "
          + "threads are asked for: they will be throttled, and the times with them",
        hint: "use --threads \(max(1, Int(quota))) or raise the quota")
    }
    try AtomicPath(outputPath).checkWritable()
  }

  // MARK: - What the flags say

  private static func topology() throws -> Topology {
    do {
      return try Topology(TopologySource.fromEnvironment())
    } catch {
      throw CommandFailure(.unreadableInput, "\(error)")
    }
  }

  private static func coreSet(
    _ arguments: Arguments, _ topology: Topology, threads: Int?
  ) throws -> CoreSet {
    if let text = arguments.string("cores") {
      guard let pattern = CorePattern(text) else {
        throw arguments.usageError("--cores takes a pattern such as 2c/1pu/1xL3, not '\(text)'")
      }
      guard let set = topology.coreSet(for: pattern) else {
        throw CommandFailure(
          .machineCannot, "this machine has no core set \(text)",
          hint: "dstune topology lists those it has")
      }
      return set
    }
    do {
      return try topology.defaultCoreSet(
        workers: threads ?? arguments.integer("threads") ?? topology.cores.count)
    } catch {
      throw CommandFailure(.machineCannot, error.description)
    }
  }

  private static func instructionSet(
    _ arguments: Arguments, _ topology: Topology, _ effort: Effort
  ) throws -> InstructionSet {
    let best =
      topology.isThisSystem ? Registry.bestInstructionSet : topology.description.instructionSet
    guard let asked = arguments.string("isa").flatMap(InstructionSet.init) else { return best }
    if topology.isThisSystem && asked > best {
      throw CommandFailure(RuntimeError.instructionSetMissing(asked: asked, best: best))
    }
    return asked
  }

  /// The numbers of workers that may be tried inside the core set, with their patterns.
  private static func patterns(for set: CoreSet, _ topology: Topology) -> [Int: CorePattern] {
    var patterns = [set.processors.count: set.pattern]
    for smaller in topology.coreSets(maximumWorkers: set.processors.count)
    where smaller.processors == Array(set.processors.prefix(smaller.processors.count)) {
      if patterns[smaller.processors.count] == nil {
        patterns[smaller.processors.count] = smaller.pattern
      }
    }
    return patterns
  }

  private static func journalName(for output: String) -> String {
    let stem = output.hasSuffix(".schedule.json") ? output.dropLast(14) : output[...]
    return stem + ".trials.jsonl"
  }

  // MARK: - Running

  /// The tuner without measurements, for plans.
  func planner() throws(CommandFailure) -> Tuner {
    do {
      return try Tuner(
        request, machine: topology.description, declared: topology.description,
        patterns: patterns)
    } catch {
      throw CommandFailure(error)
    }
  }

  func run() throws -> TuningResult {
    if request.effort == .estimate { return try estimated() }
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
      let journal = try Journal.create(path: journalPath, header: header, replacing: true)
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

  private func tuned(
    _ machine: MachineDescription, _ journal: Journal?, _ recorded: RecordedTrials
  ) throws -> TuningResult {
    var progress = ProgressLine(on: console)
    let declared =
      topology.isThisSystem ? LiveMachine.current.description : topology.description
    let tuner = try Tuner(
      request, machine: machine, declared: declared, patterns: patterns, journal: journal,
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

  func save(_ result: TuningResult) throws {
    do {
      try result.schedule.write(path: outputPath)
    } catch {
      throw CommandFailure(.machineCannot, error.description)
    }
  }
}
