import DSCommandLine
import DSCommands
import DSCore
import DSKernels
import DSMachine
import DSNetworks
import DSRuntime
import DSTuning

/// What is to be tuned, and on which cores.
struct TuningTask {
  let request: TuningRequest
  let topology: Topology
  let patterns: [Int: CorePattern]

  /// - Parameter plan: of a tuning that several machines share, with this machine's part of it.
  init(
    _ arguments: Arguments, network: Network, plan: (plan: ShardPlan, shard: Shard)? = nil
  ) throws {
    let choice = MachineChoice(arguments, plan: plan?.plan)
    let effort =
      plan?.plan.effort ?? arguments.string("effort").flatMap(Effort.init) ?? .measure
    topology = try MachineChoice.topology()
    guard topology.isThisSystem || effort == .estimate else {
      throw CommandFailure(
        .machineCannot, "\(topology.source) is not this machine, so nothing can be timed on it",
        hint: "add --effort estimate to predict a schedule for it")
    }
    let set = try choice.coreSet(topology)
    let instructionSet = try choice.instructionSet(topology)
    let network =
      plan.flatMap { network.inMicroBatches(ofProblems: $0.plan.shards.joined()) }
      ?? network.inBestMicroBatches(
        CostModel(machine: topology.declared), upTo: instructionSet,
        workers: set.processors.count)
    if effort != .estimate {
      do throws(RuntimeError) {
        try MemoryNeed(network).check()
      } catch {
        throw CommandFailure(error)
      }
    }
    var request = TuningRequest(
      network: network, instructionSet: instructionSet, processors: set.processors,
      effort: effort)
    request.seed = plan?.plan.seed ?? UInt64(arguments.integer("seed") ?? 1)
    request.products =
      plan?.plan.products ?? arguments.string("products").flatMap(ProductRule.init) ?? .any
    request.shard = plan?.shard
    request.notes += [choice.runtimeNote(set, topology)].compactMap(\.self)
    self.request = request
    patterns = MachineChoice.patterns(for: set, topology)
  }

  /// A tuner without measurements, for plans.
  func planner() throws(CommandFailure) -> Tuner {
    do {
      return try Tuner(
        request, machine: topology.description, declared: topology.description,
        patterns: patterns)
    } catch {
      throw CommandFailure(error)
    }
  }
}
