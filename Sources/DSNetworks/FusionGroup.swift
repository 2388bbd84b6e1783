import DSCore

/// Consecutive layers that one fused kernel can do: what lies between them is then never stored.
public struct FusionGroup: Sendable, Hashable {
  /// Indices into `Network.layers`.
  public let layers: Range<Int>
  /// The fused problem; its last stage adds the last layer's residual, if it has one.
  public let problem: Problem
}

extension Network {
  /// Every run of layers that some fused operator covers, by first layer and then by length.
  ///
  /// Groups may overlap: which of them to fuse, if any, is for the planner to decide. A group's
  /// inner outputs are read by the next layer of the group and by nobody else.
  public var fusionGroups: [FusionGroup] {
    let readers = readers
    let chains = Operator.allCases.map(\.stageKinds).filter { $0.count > 1 }
    var groups: [FusionGroup] = []
    for first in layers.indices {
      for chain in chains.sorted(by: { $0.count < $1.count }) {
        let range = first..<first + chain.count
        guard range.upperBound <= layers.count, layers[range].map(\.stage.kind) == chain,
          range.dropLast().allSatisfy({ passesOnly($0, readers) }),
          let problem = try? Problem(
            stages: layers[range].map(\.stage), elementType: elementType)
        else { continue }
        groups.append(FusionGroup(layers: range, problem: problem))
      }
    }
    return groups
  }

  /// Whether a layer's output goes into the next layer's window and nowhere else, not even as what that same
  /// layer adds at its end.
  private func passesOnly(_ layer: Int, _ readers: [[Int]]) -> Bool {
    let next = layers[layer + 1]
    return readers[layer] == [layer + 1] && next.input == layer && next.residual != layer
  }
}
