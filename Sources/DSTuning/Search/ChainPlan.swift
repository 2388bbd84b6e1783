import DSCore
import DSNetworks

/// Which blocks of a network to fuse: the cheapest way to cover all layers, found over the whole chain.
///
/// Fusing one pair forbids the other pairs that share a layer with it, so choosing the best block by block
/// is not optimal; a shortest path over the layers is.
/// - Source: Bellman, "On a Routing Problem", Quarterly of Applied Mathematics 16, 1958,
///   doi:10.1090/qam/102435.
package struct ChainPlan {
  /// The fused problems to use.
  package let fused: Set<Problem>
  package let microseconds: Double

  /// - Parameter cost: microseconds of a problem; `nil` for one that cannot be used.
  package init(_ network: Network, cost: (Problem) -> Double?) {
    let layers = network.layers
    let groups = Dictionary(grouping: network.fusionGroups, by: \.layers.upperBound)
    var best = [(microseconds: 0.0, from: 0, fused: Problem?.none)]
    for end in 1...layers.count {
      let single = best[end - 1].microseconds + (cost(layers[end - 1].problem) ?? 0)
      var choice = (microseconds: single, from: end - 1, fused: Problem?.none)
      for group in groups[end, default: []] {
        guard let block = cost(group.problem) else { continue }
        let total = best[group.layers.lowerBound].microseconds + block
        if total < choice.microseconds {
          choice = (total, group.layers.lowerBound, group.problem)
        }
      }
      best.append(choice)
    }
    var fused: Set<Problem> = []
    var position = layers.count
    while position > 0 {
      if let problem = best[position].fused { fused.insert(problem) }
      position = best[position].from
    }
    self.fused = fused
    microseconds = best[layers.count].microseconds
  }
}
