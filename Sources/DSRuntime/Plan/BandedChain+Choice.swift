import DSCore
import DSKernels

extension BandedChain {
  /// The chains of a plan: as few steps together as keep the maps above its limits between them.
  ///
  /// - Parameter canCut: whether all workers can each compute rows of a step.
  static func chains(
    of plan: NetworkPlan, _ kernels: [PreparedKernel], canCut: [Bool]
  ) -> [BandedChain] {
    var isFree = plan.steps.indices.map { canCut[$0] && $0 != plan.scoreStep }
    let links = plan.bandLimits.levels.isEmpty ? [] : closedRuns(of: plan)
    var chains: [BandedChain] = []
    for level in plan.bandLimits.levels {
      let free = links.filter { $0.allSatisfy { isFree[$0] } }
      for run in runs(of: free, kernels, level) {
        guard let chain = chain(run, of: plan, kernels) else { continue }
        chains.append(chain)
        for step in run { isFree[step] = false }
      }
    }
    return chains.sorted { $0.steps.lowerBound < $1.steps.lowerBound }
  }

  /// Links put together where a map of one level lies between them, if such maps make up enough of what they do.
  private static func runs(
    of links: [Range<Int>], _ kernels: [PreparedKernel], _ level: BandLimits.Level
  ) -> [Range<Int>] {
    func isLarge(_ step: Int) -> Bool { kernels[step].outputLayout.byteCount > level.mapBytes }
    var runs: [Range<Int>] = []
    for link in links {
      if let run = runs.last, run.upperBound == link.lowerBound, isLarge(run.upperBound - 1) {
        runs[runs.count - 1] = run.lowerBound..<link.upperBound
      } else {
        runs.append(link)
      }
    }
    return runs.filter { run in
      let maps = run.dropLast().filter(isLarge)
      let byteCount = maps.reduce(0) { $0 + kernels[$1].outputLayout.byteCount }
      let flops = run.reduce(0) { $0 + kernels[$1].problem.flops }
      return !maps.isEmpty && Double(byteCount) >= level.leastBytesPerFlop * Double(flops)
    }
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
