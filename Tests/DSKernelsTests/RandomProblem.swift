import DSCore

/// A random layer that a network file may have.
enum RandomProblem {
  static func layer(using generator: inout SeededGenerator) throws -> Problem {
    while true {
      if let problem = try? Problem(stage(using: &generator)) { return problem }
    }
  }

  private static func stage(using generator: inout SeededGenerator) -> Stage {
    func pick<Value>(_ values: [Value]) -> Value {
      values[Int.random(in: 0..<values.count, using: &generator)]
    }
    let kind = pick(Stage.Kind.allCases)
    let readsImage = kind == .standard && pick([true, false])
    let isVector = kind == .dense || kind == .softmax
    let input = FeatureShape(
      batch: pick([1, 1, 2, 3]), height: isVector ? 1 : pick([1, 2, 7, 14, 33]),
      width: isVector ? 1 : pick([1, 3, 7, 11, 28]),
      channels: pick(readsImage ? [1, 3, 3, 4] : [1, 5, 16, 33, 96, 320]))
    let takesWindow = [.standard, .depthwise, .maximumPooling, .averagePooling].contains(kind)
    let height = pick([1, 2, 3, 3, 4, 5, 7, 9, 11])
    let width = pick([height, height, 1, 3, 7, 11])
    let hasPadding = kind != .averagePooling
    let window = Window(
      height: height, width: width, stride: pick([1, 1, 2, 3, 5]),
      padding: Padding(
        top: hasPadding ? pick([0, height / 2]) : 0,
        bottom: hasPadding ? pick([0, height / 2]) : 0,
        left: hasPadding ? pick([0, width / 2]) : 0, right: hasPadding ? pick([0, width / 2]) : 0))
    let changesChannels = [.standard, .pointwise, .dense].contains(kind)
    let isPlain = kind == .softmax
    return Stage(
      kind, input: input, window: takesWindow ? window : .point,
      outputChannels: changesChannels ? pick([1, 1, 2, 7, 16, 40, 100, 320]) : nil,
      inputActivation: isPlain ? .none : pick(Activation.allCases),
      activation: isPlain ? .none : pick(Activation.allCases),
      addsResidual: isPlain ? false : pick([false, false, true]), readsImage: readsImage)
  }
}
