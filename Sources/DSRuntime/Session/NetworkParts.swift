import DSKernels
import DSNetworks

/// What a prepared network is made of: all that its sessions need of it. Sessions keep this and not the network,
/// which keeps idle sessions; each would keep the other alive.
package final class NetworkParts: Sendable {
  package let plan: NetworkPlan
  package let steps: [PreparedKernel]
  /// In how many parts each step's workers cut the rows of its output: every step's workers take the rows that they
  /// wrote in the step before, where its kernel lets them.
  package let rowParts: [Int]
  package let slices: RowSlices
  package let memory: ArenaPlan
  /// Steps in which workers that are done help those that are not.
  package let sharedSteps: Set<Int>

  /// A worker's part of a step whose pieces are counted: some 40 µs. An atomic addition for each of 16 to 60 pieces, and
  /// waiting for whoever may still help, are nothing then.
  private static let fewestSharedFlops = 4_000_000

  package init(_ plan: NetworkPlan, steps: [PreparedKernel]) {
    self.plan = plan
    self.steps = steps
    var rowParts: [Int] = []
    for (index, step) in plan.steps.enumerated() {
      rowParts.append(
        steps[index].rowParts(
          workers: step.choice.workers, input: step.input.map { rowParts[$0] }))
    }
    self.rowParts = rowParts
    slices = RowSlices(plan, steps: steps, rowParts: rowParts)
    memory = ArenaPlan(plan, slices: slices, rowParts: rowParts)
    sharedSteps = Set(
      plan.steps.indices.filter {
        let workers = plan.steps[$0].choice.workers
        return workers > 1 && steps[$0].kernel.hasPieces
          && steps[$0].problem.flops / workers >= Self.fewestSharedFlops
      })
  }

  var inputCount: Int { plan.network.input.elementCount }
  var outputCount: Int { plan.network.batch * plan.network.classCount }
  var microBatchCount: Int { plan.network.microBatchCount }
  /// Of a micro-batch's images.
  var microBatchBytes: Int { inputCount / microBatchCount * plan.network.elementType.byteCount }
}
