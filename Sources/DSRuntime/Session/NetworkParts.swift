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
  }

  var inputCount: Int { plan.network.input.elementCount }
  var outputCount: Int { plan.network.batch * plan.network.classCount }
}
