import DSKernels
import DSNetworks

/// What a prepared network is made of: all that its sessions need of it. Sessions keep this and not the network,
/// which keeps idle sessions; each would keep the other alive.
final class NetworkParts: Sendable {
  let plan: NetworkPlan
  let steps: [PreparedKernel]
  let memory: MemoryPlan

  init(_ plan: NetworkPlan, steps: [PreparedKernel]) {
    self.plan = plan
    self.steps = steps
    memory = MemoryPlan(plan)
  }

  var inputCount: Int { plan.network.input.elementCount }
  var outputCount: Int { plan.network.batch * plan.network.classCount }
}
