import DSCore
import DSKernels
import DSNetworks
import DSRuntime

extension Tuner {
  /// Decides inside the network which winners and which fused blocks to use: the recorded decisions, where they are of
  /// these winners, or new ones.
  ///
  /// - Parameters:
  ///   - singles: the winners of the layers' races.
  ///   - fused: the winners of the fused blocks' races.
  /// - Returns: One for each `NetworkProfile.Caution`, the most cautious first; `nil` if there is no record and no time.
  func inNetworkChoices(
    singles: [Problem: KernelChoice], fused: [Problem: KernelChoice]
  ) throws(RuntimeError) -> [InNetworkChoice]? {
    let isOver = request.isReplay || isStopping
    if isOver && recorded.inNetwork == nil { return nil }
    let plans = try profiledPlans(singles: singles, fused: fused)
    let fingerprints = plans.map(\.fingerprint)
    // An earlier, shorter run may have had other winners. Journals of old name no plans.
    if let earlier = recorded.inNetwork, earlier.plans.isEmpty || earlier.plans == fingerprints {
      return earlier.choices
    }
    if isOver { return nil }
    guard let sessions = try sessions(for: plans) else { return nil }
    let image = try SeededWeights(seed: request.seed).checkedInput(shape: request.network.input)
    let profile = NetworkProfile(
      request.network, plans: plans, sessions: sessions, image: image,
      seed: request.seed,
      // The race of whole networks needs its part of what is left.
      seconds: min(request.effort.profileSeconds, remainingSeconds / 2),
      shouldStop: { [self] in isStopping })
    guard let profile else { return nil }
    let choices = NetworkProfile.Caution.allCases.map(profile.choice)
    journal?.append(InNetworkRecord(plans: fingerprints, choices: choices).journal)
    return choices
  }

  /// The default twice, the winners layer by layer, and as many plans as it takes to have every fused block in
  /// one of them.
  private func profiledPlans(
    singles: [Problem: KernelChoice], fused: [Problem: KernelChoice]
  ) throws(RuntimeError) -> [NetworkPlan] {
    var plans = [try plan([:]), try plan([:]), try plan(singles)]
    var remaining = Set(fused.keys)
    while !remaining.isEmpty {
      let blocks = disjointBlocks(among: remaining)
      let next = try plan(
        singles.merging(fused.filter { blocks.contains($0.key) }) { own, _ in own })
      let covered = Set(next.steps.map(\.problem)).intersection(remaining)
      if covered.isEmpty { break }
      remaining.subtract(covered)
      plans.append(next)
    }
    return plans
  }

  /// Fused problems that do not get into each other's way, from the first layer on, the longest first.
  private func disjointBlocks(among problems: Set<Problem>) -> Set<Problem> {
    let groups = Dictionary(grouping: request.network.fusionGroups, by: \.layers.lowerBound)
    var blocks: Set<Problem> = []
    var layer = 0
    while layer < request.network.layers.count {
      let group = groups[layer, default: []].filter { problems.contains($0.problem) }
        .max { $0.layers.count < $1.layers.count }
      if let group { blocks.insert(group.problem) }
      layer = group?.layers.upperBound ?? layer + 1
    }
    return blocks
  }

  package func plan(_ choices: [Problem: KernelChoice]) throws(RuntimeError) -> NetworkPlan {
    try NetworkPlan(
      request.network, choices: choices, model: CostModel(machine: declared),
      instructionSet: request.instructionSet, workers: request.workers, registry: registry)
  }
}

extension Effort {
  /// Seconds of profiling inside the network.
  var profileSeconds: Double { self == .measure ? 6 : self == .patient ? 16 : 30 }
}
