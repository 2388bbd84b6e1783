import DSCore

/// Problems of every operator with every optional part, drawn at random.
struct RandomProblems {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  /// Draws until the stages fit: a large window may not fit into a small image.
  mutating func next() -> Problem {
    while true {
      let kinds = pick(Operator.allCases).stageKinds
      if let problem = try? Problem(stages: stages(kinds), elementType: pick(ElementType.allCases))
      {
        return problem
      }
    }
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: values.indices, using: &generator)]
  }

  private mutating func stages(_ kinds: [Stage.Kind]) -> [Stage] {
    var stages: [Stage] = []
    var shape = FeatureShape(
      batch: pick([1, 1, 2, 8]), height: pick([1, 2, 7, 30]), width: pick([1, 3, 7, 29]),
      channels: pick([1, 3, 16, 33]))
    if kinds == [.dense] || kinds == [.softmax] { (shape.height, shape.width) = (1, 1) }
    for (index, kind) in kinds.enumerated() {
      let keepsChannels = [.depthwise, .maximumPooling, .averagePooling, .softmax].contains(kind)
      let isPoint = [.pointwise, .dense, .softmax].contains(kind)
      let stage = Stage(
        kind, input: shape, window: isPoint ? .point : window(),
        outputChannels: keepsChannels ? nil : pick([1, 5, 16, 31]),
        inputActivation: index == 0 ? pick(Activation.allCases) : .none,
        activation: pick(Activation.allCases),
        addsResidual: index == kinds.count - 1 && pick([true, false]),
        readsImage: index == 0 && pick([true, false]))
      stages.append(stage)
      shape = stage.output
    }
    return stages
  }

  private mutating func window() -> Window {
    let (height, width) = (pick([1, 2, 3, 5]), pick([1, 3, 7]))
    return Window(
      height: height, width: width, stride: pick([1, 2, 3]),
      padding: Padding(
        top: Int.random(in: 0..<height, using: &generator),
        bottom: Int.random(in: 0..<height, using: &generator),
        left: Int.random(in: 0..<width, using: &generator),
        right: Int.random(in: 0..<width, using: &generator)))
  }
}
