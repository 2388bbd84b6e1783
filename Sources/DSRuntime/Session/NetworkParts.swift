import DSCore
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
  package let chains: [BandedChain]
  package let slices: RowSlices
  /// For each step, how what each worker keeps of its output for itself lies there: a slice or a ring. `nil` where the output
  /// lies in one piece.
  package let ownLayouts: [[TensorLayout]?]
  package let memory: ArenaPlan
  /// The plan's steps, those of a chain together: what a worker does without waiting for others.
  package let stretches: [Range<Int>]
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
    let canCut = plan.steps.indices.map { index in
      plan.steps[index].choice.workers == plan.workers && rowParts[index] == plan.workers
        && steps[index].canComputeRows && steps[index].problem.output.height >= plan.workers
    }
    let chains = BandedChain.chains(of: plan, steps, canCut: canCut)
    let slices = RowSlices(plan, steps: steps, canCut: canCut, chains: chains)
    let chained = chains.map(\.steps)
    ownLayouts = plan.steps.indices.map { step in
      if let slices = slices.maps[step] { return slices.map(\.layout) }
      let ring = chains.first { $0.steps.contains(step) }?.ring(
        step, of: steps[step].outputLayout)
      return ring.map { [TensorLayout](repeating: $0, count: plan.workers) }
    }
    memory = ArenaPlan(plan, ownLayouts: ownLayouts, chains: chained, rowParts: rowParts)
    stretches = plan.steps.indices.compactMap { step in
      guard let chain = chained.first(where: { $0.contains(step) }) else {
        return step..<(step + 1)
      }
      return step == chain.lowerBound ? chain : nil
    }
    sharedSteps = Set(
      plan.steps.indices.filter { step in
        let workers = plan.steps[step].choice.workers
        return workers > 1 && steps[step].kernel.hasPieces
          && steps[step].problem.flops / workers >= Self.fewestSharedFlops
          && !chained.contains { $0.contains(step) }
      })
    self.chains = chains
    self.slices = slices
  }

  /// The chain that a stretch is; `nil` of a single step.
  func chain(_ stretch: Range<Int>) -> BandedChain? { chains.first { $0.steps == stretch } }

  var inputCount: Int { plan.network.input.elementCount }
  var outputCount: Int { plan.network.batch * plan.network.classCount }
  var microBatchCount: Int { plan.network.microBatchCount }
  /// Of a micro-batch's images.
  var microBatchBytes: Int { inputCount / microBatchCount * plan.network.elementType.byteCount }
}
