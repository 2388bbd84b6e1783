import DSCore

/// The cost of a network, layer by layer and in all.
///
/// The totals are those of the MobileNets paper (arXiv:1704.04861, table 4), which counts the
/// classifier in the 569 M multiply-adds and 4.2 M parameters of the network and in the 29.3 M
/// parameters of its counterpart, but not in the 4866 M multiply-adds of the latter.
public struct NetworkCost: Sendable, Hashable {
  public let layers: [LayerCost]

  public var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }
  public var parameters: Int { layers.reduce(0) { $0 + $1.parameters } }
  /// The same network with every depthwise separable pair replaced by a standard convolution.
  public var standardMultiplyAdds: Int { layers.reduce(0) { $0 + $1.standardMultiplyAdds } }
  public var standardParameters: Int { layers.reduce(0) { $0 + $1.standardParameters } }
}

extension Network {
  /// Of one batch, whatever its micro-batches.
  public var cost: NetworkCost {
    let layers = inMicroBatches(of: batch).layers
    let readers = readers
    /// The depthwise layer that forms a separable pair with the pointwise layer at `index`.
    func partner(_ index: Int) -> Int? {
      guard layers[index].stage.kind == .pointwise, let input = layers[index].input,
        layers[input].stage.kind == .depthwise, readers[input] == [index]
      else { return nil }
      return input
    }
    let replaced = Set(layers.indices.compactMap(partner))
    return NetworkCost(
      layers: layers.indices.map { index in
        let layer = layers[index]
        // A k×k convolution has k² times the weights of a 1×1 one, and as many multiply-adds more.
        let taps = partner(index).map { layers[$0].stage.window.tapCount } ?? 1
        let isReplaced = replaced.contains(index)
        let countsAsConvolution = !isReplaced && layer.stage.kind != .dense
        return LayerCost(
          name: layer.name, problem: layer.problem, multiplyAdds: layer.stage.multiplyAdds,
          parameters: layer.parameterCount(weights: layer.stage.weightCount),
          standardMultiplyAdds: countsAsConvolution ? layer.stage.multiplyAdds * taps : 0,
          standardParameters: isReplaced
            ? 0 : layer.parameterCount(weights: layer.stage.weightCount * taps))
      })
  }
}

extension Layer {
  fileprivate func parameterCount(weights: Int) -> Int {
    weights + stage.outputChannels * (parameters?.valuesPerChannel ?? 0)
  }
}
