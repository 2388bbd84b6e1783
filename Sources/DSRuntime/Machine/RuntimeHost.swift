import DSCore
import DSKernels
import DSNetworks
import DSSchedule

/// This process's machine and how much of it an options value lets the runtime use.
package struct RuntimeHost {
  package let machine: MachineDescription
  package let instructionSet: InstructionSet
  package let workers: Int
  /// One processor of each core the process may use, in order.
  let processors: [Int]
  /// Of the cores that threads are bound to; empty where they are not.
  package let cacheDomains: [Int]

  /// - Throws: `RuntimeError.instructionSetMissing`, `.tooManyThreads`.
  package init(_ options: RuntimeOptions, schedule: Schedule?) throws(RuntimeError) {
    let live = LiveMachine.current
    let best = Registry.bestInstructionSet
    // Kernels of a schedule with a limit were tuned, and their tensors laid out, for that one.
    let asked = options.instructionSet ?? min(schedule?.instructionSetLimit ?? best, best)
    guard asked <= best else { throw .instructionSetMissing(asked: asked, best: best) }
    let available = live.processors.count
    if let threads = options.threads, !(1...available).contains(threads) {
      throw .tooManyThreads(asked: threads, available: available)
    }
    machine = live.description
    instructionSet = asked
    workers = options.threads ?? min(schedule?.threads ?? available, available)
    processors = live.processors
    cacheDomains = options.bindsThreads ? live.cacheDomains : []
  }

  /// In the micro-batches that the schedule was made with, or that are expected to be fastest here.
  package func inMicroBatches(_ network: Network, schedule: Schedule?) -> Network {
    schedule.flatMap { network.inMicroBatches(ofProblems: $0.entries.map(\.problem)) }
      ?? network.inBestMicroBatches(
        CostModel(machine: machine), upTo: instructionSet, workers: workers)
  }
}
