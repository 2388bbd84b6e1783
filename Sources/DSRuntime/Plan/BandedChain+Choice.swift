import DSCore
import DSKernels

extension BandedChain {
  /// The chains of a plan: as few steps together as keep the maps above the plan's limit between them.
  ///
  /// - Parameter canCut: whether all workers can each compute rows of a step.
  static func chains(
    of plan: NetworkPlan, _ kernels: [PreparedKernel], canCut: [Bool]
  ) -> [BandedChain] {
    let limit = plan.bandLimits.mapBytes
    let byteCounts = kernels.map(\.outputLayout.byteCount)
    guard byteCounts.contains(where: { $0 > limit }) else { return [] }
    var runs: [Range<Int>] = []
    for links in closedRuns(of: plan)
    where links.allSatisfy({ canCut[$0] }) && !links.contains(plan.scoreStep) {
      if let run = runs.last, run.upperBound == links.lowerBound,
        byteCounts[run.upperBound - 1] > limit
      {
        runs[runs.count - 1] = run.lowerBound..<links.upperBound
      } else {
        runs.append(links)
      }
    }
    return runs.filter { run in run.dropLast().contains { byteCounts[$0] > limit } }
      .compactMap { chain($0, of: plan, kernels) }
  }

  /// The plan's steps in the shortest runs whose last output alone is read outside of them.
  private static func closedRuns(of plan: NetworkPlan) -> [Range<Int>] {
    var lastReader = Array(plan.steps.indices)
    for (index, step) in plan.steps.enumerated() {
      for source in [step.input, step.residual].compactMap({ $0 }) { lastReader[source] = index }
    }
    var runs: [Range<Int>] = []
    var reach = 0
    for step in plan.steps.indices {
      if reach <= step { runs.append((runs.last?.upperBound ?? 0)..<(step + 1)) }
      reach = max(reach, lastReader[step])
    }
    return runs
  }

  /// In bands as long as the plan's limit allows; `nil` if a worker would compute too much.
  private static func chain(
    _ steps: Range<Int>, of plan: NetworkPlan, _ kernels: [PreparedKernel]
  ) -> BandedChain? {
    var bandRows = kernels[steps.upperBound - 1].problem.output.height
    var chain = BandedChain(steps, of: plan, kernels, bandRows: bandRows)
    let flops = (0..<plan.workers).map { worker in
      steps.reduce(0.0) { sum, step in
        let problem = kernels[step].problem
        let part = Double(chain.rows(step, worker).count) / Double(problem.output.height)
        return sum + Double(problem.flops) * part
      }
    }
    let share = steps.reduce(0) { $0 + kernels[$1].problem.flops } / plan.workers
    if (flops.max() ?? 0) > plan.bandLimits.mostComputed * Double(share) { return nil }
    while bandRows > 2 && chain.ringBytes(kernels) > plan.bandLimits.ringBytes {
      bandRows = (bandRows + 1) / 2
      chain = BandedChain(steps, of: plan, kernels, bandRows: bandRows)
    }
    return chain
  }

  /// Of one worker.
  private func ringBytes(_ kernels: [PreparedKernel]) -> Int {
    steps.reduce(0) { $0 + (ring($1, of: kernels[$1].outputLayout)?.byteCount ?? 0) }
  }

  /// Whether a step's output is in none but these rings.
  package func keepsInRings(_ step: Int) -> Bool { steps.dropLast().contains(step) }

  /// How one worker's ring of a step's output lies in memory; `nil` for the last one's, which is stored.
  ///
  /// - Parameter map: the whole output.
  package func ring(_ step: Int, of map: TensorLayout) -> TensorLayout? {
    if !keepsInRings(step) { return nil }
    var shape = map.shape
    shape.height = ringRows[step - steps.lowerBound]
    return TensorLayout(shape: shape, channelBlock: map.channelBlock, elementType: map.elementType)
  }
}
