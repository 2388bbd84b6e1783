import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSMeasurement
import DSReporting
import DSRuntime
import DSTuning

/// This machine, made ready to measure on: its processors chosen, its roofs known, the calling thread
/// bound, and the doubts about it said aloud.
struct BenchMachine {
  let topology: Topology
  let instructionSet: InstructionSet
  /// Of every worker, the calling thread's first.
  let processors: [Int]
  /// Where the topology says that these lie.
  let pattern: CorePattern
  let roofs: RoofCache
  let measured: MeasuredMachine
  let doubts: [MeasurementDoubt]
  /// Of this thread and of all that begin after it was made ready.
  let counters = PerformanceCounters()
  private let lock: MeasurementLock

  /// - Parameter workers: the most threads of anything measured; `nil` for one a core.
  init(
    _ arguments: Arguments, workers: Int?, isFresh: Bool = false, console: Console
  ) throws(CommandFailure) {
    // Who may run where is asked before the calling thread is bound to one processor.
    let live = LiveMachine.current
    do {
      topology = try Topology(TopologySource.fromEnvironment())
    } catch {
      throw CommandFailure(.machineCannot, "\(error)")
    }
    guard topology.isThisSystem else {
      throw CommandFailure(
        .machineCannot, "\(topology.source) is not this machine, so nothing can be timed on it",
        hint: "unset HWLOC_SYNTHETIC and HWLOC_XMLFILE")
    }
    do {
      let set = try topology.defaultCoreSet(workers: workers ?? live.processors.count)
      (processors, pattern) = (set.processors, set.pattern)
    } catch {
      throw CommandFailure(.machineCannot, "\(error)")
    }
    let best = Registry.bestInstructionSet
    instructionSet = arguments.string("isa").flatMap(InstructionSet.init) ?? best
    if instructionSet > best {
      throw CommandFailure(.instructionSetMissing(asked: instructionSet, best: best))
    }
    do {
      try Clock.monotonic.expectFit()
    } catch {
      throw CommandFailure(.machineCannot, error.description)
    }
    lock = MeasurementLock()
    var doubts = MachineInspector().doubts(cpus: processors)
    if lock.isContended { doubts.append(.otherMeasurement) }
    self.doubts = doubts
    do {
      roofs = try RoofCache.roofs(
        topology: topology, instructionSet: instructionSet, processors: processors,
        isFresh: isFresh, isBusy: doubts.contains(where: \.isOfOtherWork)
      ) { console.note("measuring this machine's roofs…") }
    } catch {
      throw CommandFailure(error)
    }
    measured = MeasuredMachine(
      topology: topology, instructionSet: instructionSet, measurement: roofs.core)
    if let failure = topology.bindCurrentThread(to: processors[0]) {
      console.warning(failure.description)
    }
    for doubt in doubts { console.warning(doubt.description) }
    for sentence in roofs.core.disagreements + roofs.core.warnings { console.warning(sentence) }
  }

  var description: MachineDescription { measured.description }

  /// The ceiling of a problem on so many of this machine's cores.
  ///
  /// - Parameters:
  ///   - kernel: that runs it.
  ///   - bytesHeld: as for `ProblemRoof`.
  ///   - peakGigaflops: of one core where the problem was timed; `nil` for what it reached alone, at its best.
  func roof(
    of problem: Problem, by kernel: Kernel, workers: Int, bytesHeld: Int? = nil,
    peakGigaflops: Double? = nil
  ) -> ProblemRoof {
    var machine = description
    if let peakGigaflops { machine.roofs.fmaGigaflopsPerCore = peakGigaflops }
    return ProblemRoof(
      problem, by: kernel, workers: workers, machine: machine, together: roofs.crew.bandwidth,
      bytesHeld: bytesHeld)
  }

  /// Doubts and refuted declarations, as sentences to keep with results.
  var warnings: [String] {
    doubts.map(\.description) + roofs.core.disagreements + roofs.core.warnings
  }

  /// What every record says of its origin.
  var context: RunContext {
    // Sizes as declared: the signature is what machines are compared by.
    var context = BenchContext.current(topology.description, processors: processors)
    context.doubts = doubts
    return context
  }
}

extension MeasurementDoubt {
  /// Whether something else runs on the machine just now.
  fileprivate var isOfOtherWork: Bool {
    switch self {
    case .load, .otherMeasurement: true
    default: false
    }
  }
}
