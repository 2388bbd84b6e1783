import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSRuntime
import DSTuning

/// Cores and instruction set of a tuning: what the plan of a divided one says, or the flags.
struct MachineChoice {
  private let arguments: Arguments
  private let plan: ShardPlan?

  init(_ arguments: Arguments, plan: ShardPlan?) {
    self.arguments = arguments
    self.plan = plan
  }

  static func topology() throws -> Topology {
    do {
      return try Topology(TopologySource.fromEnvironment())
    } catch {
      throw CommandFailure(.unreadableInput, "\(error)")
    }
  }

  private var cores: String? { plan == nil ? arguments.string("cores") : plan?.cores }

  func coreSet(_ topology: Topology) throws -> CoreSet {
    let threads = arguments.integer("threads")
    if let plan, let threads, threads != plan.threads {
      throw arguments.usageError(
        "the plan is one for \(plan.threads) threads; make another for --threads \(threads)")
    }
    if let text = cores {
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
        workers: plan?.threads ?? threads ?? topology.cores.count)
    } catch {
      throw CommandFailure(.machineCannot, error.description)
    }
  }

  /// What to know of cores that the runtime does not run on, for a schedule that others may use all the
  /// same; `nil` where it does.
  func runtimeNote(_ set: CoreSet, _ topology: Topology) -> String? {
    guard cores != nil, topology.isThisSystem else { return nil }
    let runtime = LiveMachine.current.processors.prefix(set.processors.count)
    guard Set(runtime) != Set(set.processors) else { return nil }
    return
      "timed on the processors \(set.processors) of \(set.pattern), where the runtime takes one a core, "
      + "\(Array(runtime)): bind the process to the former, or expect other times"
  }

  func instructionSet(_ topology: Topology) throws -> InstructionSet {
    let best =
      topology.isThisSystem ? Registry.bestInstructionSet : topology.description.instructionSet
    let flag = arguments.string("isa").flatMap(InstructionSet.init)
    if let planned = plan?.instructionSet, let flag, flag != planned {
      throw arguments.usageError(
        "the plan is one for \(planned.rawValue); make another for --isa \(flag.rawValue)")
    }
    guard let asked = plan?.instructionSet ?? flag else { return best }
    if topology.isThisSystem && asked > best {
      throw CommandFailure(RuntimeError.instructionSetMissing(asked: asked, best: best))
    }
    return asked
  }

  /// The numbers of workers that may be tried inside the core set, with their patterns.
  static func patterns(for set: CoreSet, _ topology: Topology) -> [Int: CorePattern] {
    var patterns = [set.processors.count: set.pattern]
    for smaller in topology.coreSets(maximumWorkers: set.processors.count)
    where smaller.processors == Array(set.processors.prefix(smaller.processors.count)) {
      if patterns[smaller.processors.count] == nil {
        patterns[smaller.processors.count] = smaller.pattern
      }
    }
    return patterns
  }
}
