/// One layer's work, or one fused block's: what kernels compete for.
///
/// Two layers with equal problems share one schedule entry. `key` is the stable text form.
public struct Problem: Hashable, Sendable {
  public let operation: Operator
  /// One stage, or the stages of a fused operator in order, each consuming the one before.
  public private(set) var stages: [Stage]
  public let elementType: ElementType

  /// - Throws: `ProblemError` if the stages form no known operator, do not fit each other, or have
  ///   an impossible shape.
  public init(stages: [Stage], elementType: ElementType = .float32) throws(ProblemError) {
    guard let operation = Operator(stageKinds: stages.map(\.kind)) else {
      let chain = stages.map(\.kind.rawValue).joined(separator: "→")
      throw .impossible(problem: chain, reason: "no operator consists of these stages")
    }
    self.operation = operation
    self.stages = stages
    self.elementType = elementType
    for stage in stages {
      if let defect = stage.defect { throw .impossible(problem: key, reason: defect) }
    }
    for (producer, consumer) in zip(stages, stages.dropFirst()) {
      guard producer.output == consumer.input, !producer.addsResidual,
        consumer.inputActivation == .none, !consumer.readsImage
      else {
        throw .impossible(problem: key, reason: "the fused stages do not fit each other")
      }
    }
  }

  public init(_ stage: Stage, elementType: ElementType = .float32) throws(ProblemError) {
    try self.init(stages: [stage], elementType: elementType)
  }

  /// The same for `count` images: possible for every number below that of a possible problem.
  public func forImages(_ count: Int) -> Problem {
    precondition(count > 0, "\(key) for \(count) images")
    var problem = self
    for index in stages.indices { problem.stages[index].input.batch = count }
    return problem
  }

  public var input: FeatureShape { stages[0].input }
  public var output: FeatureShape { stages[stages.count - 1].output }
  public var addsResidual: Bool { stages[stages.count - 1].addsResidual }
  public var multiplyAdds: Int { stages.reduce(0) { $0 + $1.multiplyAdds } }
  /// Floating-point operations: two for each multiply-add.
  public var flops: Int { 2 * multiplyAdds }

  /// Input, weights, residual and output once each; what fused stages pass on does not count.
  public var compulsoryBytes: Int {
    let inner = stages.dropLast().reduce(0) { $0 + $1.output.elementCount }
    let all = stages.reduce(0) { $0 + $1.compulsoryBytes(elementType) }
    return all - 2 * inner * elementType.byteCount
  }
}
