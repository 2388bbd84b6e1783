import DSCore

/// Turns definitions into layers one after another: finds the layers they name, computes shapes,
/// and checks that every layer can be run.
struct NetworkResolver {
  private let network: String
  private let image: FeatureShape
  private let elementType: ElementType
  private(set) var layers: [Layer] = []
  private var indices: [String: Int] = [:]
  /// Names of all layers, to tell a layer that comes too late from one that does not exist.
  private let names: Set<String>

  init(_ definition: NetworkDefinition, image: FeatureShape, elementType: ElementType) {
    network = definition.name
    self.image = image
    self.elementType = elementType
    names = Set(definition.layers.map(\.name))
  }

  mutating func append(_ definition: LayerDefinition) throws(NetworkError) {
    func failure(_ reason: String) -> NetworkError {
      .impossibleLayer(definition.name, network: network, reason: reason)
    }
    if let defect = definition.defect { throw failure(defect) }
    if indices[definition.name] != nil { throw failure("another layer has this name already") }
    let input = try source(of: definition)
    let residual = try definition.residual.map { name throws(NetworkError) in
      try index(of: name, for: definition, role: "adds")
    }
    let stage = stage(definition, input: input.map { layers[$0].stage.output })
    let problem: Problem
    do { problem = try Problem(stage, elementType: elementType) } catch {
      throw failure(error.description)
    }
    if let residual, layers[residual].stage.output != stage.output {
      throw failure(
        "it adds '\(layers[residual].name)' of shape \(layers[residual].stage.output)"
          + " to its own output of shape \(stage.output): the shapes must be equal")
    }
    let parameters = definition.parameters(of: stage)
    if let shape = parameters?.kernelShape, saturatingProduct(shape) != stage.weightCount {
      throw failure("its kernel has \(stage.weightCount) weights, the stored shape \(shape) not")
    }
    indices[definition.name] = layers.count
    layers.append(
      Layer(
        name: definition.name, problem: problem, input: input, residual: residual,
        parameters: parameters))
  }

  /// The index of the layer that `definition` reads, `nil` for the image.
  private func source(of definition: LayerDefinition) throws(NetworkError) -> Int? {
    if let name = definition.input, name != LayerDefinition.image {
      return try index(of: name, for: definition, role: "reads")
    }
    if definition.input == nil, !layers.isEmpty { return layers.count - 1 }
    guard definition.kind == .standard else {
      throw .impossibleLayer(
        definition.name, network: network,
        reason: "only a standard convolution can read the image, not a \(definition.kind.rawValue)")
    }
    return nil
  }

  private func index(
    of name: String, for definition: LayerDefinition, role: String
  ) throws(NetworkError) -> Int {
    if let index = indices[name] { return index }
    let reason =
      names.contains(name)
      ? "it \(role) '\(name)', which does not come before it: list layers in the order they run"
      : "it \(role) '\(name)', and no layer has this name"
    throw .impossibleLayer(definition.name, network: network, reason: reason)
  }

  /// `input` is the shape of the layer it reads, `nil` for the image.
  private func stage(_ definition: LayerDefinition, input: FeatureShape?) -> Stage {
    let shape = input ?? image
    let window: Window
    switch (definition.kind, definition.kernel) {
    case (_, let kernel?):
      window = Window(
        height: kernel.height, width: kernel.width, stride: definition.stride,
        padding: definition.padding.padding(
          input: shape, kernel: kernel, stride: definition.stride))
    case (.maximumPooling, nil), (.averagePooling, nil):
      window = Window(height: shape.height, width: shape.width)
    case (_, nil):
      window = .point
    }
    return Stage(
      definition.kind, input: shape, window: window, outputChannels: definition.channels,
      inputActivation: definition.inputActivation, activation: definition.activation,
      addsResidual: definition.residual != nil, readsImage: input == nil)
  }
}

/// The product, or `Int.max` where it is too large for an `Int`; factors are positive.
private func saturatingProduct(_ factors: [Int]) -> Int {
  factors.reduce(1) { product, factor in
    let (result, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? Int.max : result
  }
}
