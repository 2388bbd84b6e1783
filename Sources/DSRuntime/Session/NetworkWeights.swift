import DSCore
import DSKernels
import DSNetworks

/// A network's weights, batch normalisation folded in, before any kernel has packed them.
public struct NetworkWeights: Sendable {
  public let network: Network
  /// One for each layer; `StageWeights.none` for layers without weights.
  public let layers: [StageWeights]

  /// Reads and folds every layer's tensors.
  ///
  /// - Throws: `WeightError`, naming the tensor that is missing, misshapen or not finite.
  public init(_ network: Network, from source: some WeightSource) throws(WeightError) {
    self.network = network
    var layers: [StageWeights] = []
    for layer in network.layers {
      guard let names = layer.parameters else {
        layers.append(.none)
        continue
      }
      let folded = try source.foldedConvolution(
        kernelNames: names.kernelNames, kernelShape: names.kernelShape,
        fanIn: layer.stage.reductionLength, biasName: names.biasName,
        batchNormalization: names.batchNormalization, hasGamma: names.hasGamma)
      layers.append(StageWeights(kernel: folded.weights, bias: folded.bias))
    }
    self.layers = layers
  }
}
