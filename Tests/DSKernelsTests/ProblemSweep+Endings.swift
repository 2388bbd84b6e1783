import DSCore

extension ProblemSweep {
  /// Every window with an activation of its input, and with a residual.
  static let depthwiseEndings: [Problem] = windows.flatMap { window in
    [(1, 7), (19, 19)].flatMap { height, width in
      Activation.allCases.compactMap { inputActivation in
        make(
          Stage(
            .depthwise, input: FeatureShape(batch: 2, height: height, width: width, channels: 21),
            window: window, inputActivation: inputActivation,
            activation: inputActivation == .relu ? .relu6 : .none,
            addsResidual: inputActivation != .relu6))
      }
    }
  }

  /// Products whose input is activated, of more pixels than scratch has room for and of one.
  static let activatedProducts: [Problem] = activatedMaps.flatMap { height, width in
    activatedWidths.compactMap { depth, channels, activation in
      make(
        Stage(
          height * width == 1 ? .dense : .pointwise,
          input: FeatureShape(batch: 2, height: height, width: width, channels: depth),
          outputChannels: channels, inputActivation: activation,
          activation: channels == 33 ? .relu : .none, addsResidual: channels == 20))
    }
  }

  private static let activatedMaps = [(1, 1), (3, 9), (14, 15)]
  private static let activatedWidths: [(Int, Int, Activation)] = [
    (1, 1, .relu), (19, 33, .relu6), (40, 33, .relu), (700, 20, .relu), (700, 20, .relu6),
  ]

  static let activatedStandard: [Problem] = [(5, 9, 3), (11, 30, 20)].flatMap {
    height, width, channels in
    activatedWindows.compactMap { stride, readsImage, activation in
      make(
        Stage(
          .standard,
          input: FeatureShape(batch: 2, height: height, width: width, channels: channels),
          window: Window(size: 3, stride: stride, padding: Padding(before: 1, after: 1)),
          outputChannels: 21, inputActivation: activation, readsImage: readsImage))
    }
  }

  private static let activatedWindows: [(Int, Bool, Activation)] = [
    (1, false, .relu), (1, true, .relu), (2, true, .relu6), (3, true, .relu),
  ]
}
