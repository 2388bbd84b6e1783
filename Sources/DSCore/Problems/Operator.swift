/// What a problem computes: a single stage's kind, or a fused chain of stages.
public enum Operator: String, Sendable, Hashable, CaseIterable {
  case standard
  case depthwise
  case pointwise
  /// Depthwise → pointwise, fused.
  case separable
  /// Pointwise → depthwise → pointwise, fused (MobileNet v2's block).
  case invertedResidual = "inverted"
  /// Image → depthwise → pointwise, fused (how both MobileNets begin).
  case entry
  /// Pointwise → average pooling of the whole map, fused (how the MobileNets and Xception end).
  case pooled
  /// Depthwise → pointwise → maximum pooling, fused (Xception's reductions).
  case reduction
  case dense
  case maximumPooling = "maxpool"
  case averagePooling = "avgpool"
  case softmax

  /// The kinds of the stages this operator consists of, in order.
  public var stageKinds: [Stage.Kind] {
    switch self {
    case .standard: [.standard]
    case .depthwise: [.depthwise]
    case .pointwise: [.pointwise]
    case .separable: [.depthwise, .pointwise]
    case .invertedResidual: [.pointwise, .depthwise, .pointwise]
    case .entry: [.standard, .depthwise, .pointwise]
    case .pooled: [.pointwise, .averagePooling]
    case .reduction: [.depthwise, .pointwise, .maximumPooling]
    case .dense: [.dense]
    case .maximumPooling: [.maximumPooling]
    case .averagePooling: [.averagePooling]
    case .softmax: [.softmax]
    }
  }

  package init?(stageKinds: [Stage.Kind]) {
    guard let match = Operator.allCases.first(where: { $0.stageKinds == stageKinds }) else {
      return nil
    }
    self = match
  }
}
