import DSCore
import TestSupport

/// Odd shapes on purpose: every tail, window, stride and padding, extents from one.
enum ProblemSweep {
  /// Problems that are well formed, out of many that are tried.
  static let depthwise: [Problem] = windows.flatMap { window in
    extents.flatMap { height, width in
      channelCounts.compactMap { channels in
        make(
          Stage(
            .depthwise, input: FeatureShape(height: height, width: width, channels: channels),
            window: window, activation: channels % 2 == 0 ? .relu6 : .none))
      }
    }
  }

  /// M from 1 to three register tiles, and N and K around vectors and panels.
  static let pointwise: [Problem] = rowCounts.flatMap { pixels in
    [(1, 1), (3, 17), (8, 8), (16, 33), (24, 64), (40, 70)].compactMap { depth, channels in
      make(
        Stage(
          .pointwise, input: FeatureShape(height: 1, width: pixels, channels: depth),
          outputChannels: channels, activation: pixels % 2 == 0 ? .relu : .none,
          addsResidual: pixels % 3 == 0))
    }
  }

  /// Several images with an even and an odd number of pixels, channels around halves of them: what Strassen's algorithm
  /// pairs and cuts.
  static let paired: [Problem] = [(1, 2), (1, 3), (3, 5), (4, 6), (9, 7)].flatMap { height, width in
    [(17, 32), (40, 70), (64, 32), (96, 101), (72, 200)].compactMap { depth, channels in
      make(
        Stage(
          .pointwise, input: FeatureShape(batch: 3, height: height, width: width, channels: depth),
          outputChannels: channels, activation: width % 2 == 0 ? .relu6 : .none,
          addsResidual: depth % 3 == 0))
    }
  }

  static let dense: [Problem] = [1, 2, 5].flatMap { batch in
    [(1, 1), (19, 10), (64, 1000)].compactMap { depth, channels in
      make(
        Stage(
          .dense, input: FeatureShape(batch: batch, height: 1, width: 1, channels: depth),
          outputChannels: channels))
    }
  }

  static let standard: [Problem] = windows.flatMap { window in
    [(5, 9, 3), (8, 8, 16), (11, 6, 20)].flatMap { height, width, channels in
      [false, true].compactMap { readsImage in
        make(
          Stage(
            .standard,
            input: FeatureShape(batch: 2, height: height, width: width, channels: channels),
            window: window, outputChannels: 21, activation: .relu, readsImage: readsImage))
      }
    }
  }

  /// Narrower and wider than the tiles of four windows.
  static let pooling: [Problem] = windows.flatMap { window in
    [Stage.Kind.maximumPooling, .averagePooling].flatMap { kind in
      [(9, 7, Activation.none), (6, 22, .relu)].compactMap { height, width, inputActivation in
        make(
          Stage(
            kind, input: FeatureShape(batch: 2, height: height, width: width, channels: 21),
            window: window, inputActivation: inputActivation,
            addsResidual: kind == .maximumPooling))
      }
    }
  }

  static let softmax: [Problem] = [1, 10, 1000].compactMap {
    make(Stage(.softmax, input: FeatureShape(batch: 2, height: 1, width: 1, channels: $0)))
  }

  static let separable: [Problem] = windows.prefix(12).flatMap { window in
    [(9, 14), (1, 5), (16, 3)].compactMap { height, width in
      chain(
        Stage(
          .depthwise, input: FeatureShape(batch: 2, height: height, width: width, channels: 21),
          window: window, inputActivation: height == 9 ? .relu6 : .none, activation: .relu6)
      ) {
        [Stage(.pointwise, input: $0, outputChannels: 35, activation: .relu, addsResidual: true)]
      }
    }
  }

  static let inverted: [Problem] = windows.prefix(12).flatMap { window in
    [(9, 14), (2, 5), (16, 3)].compactMap { height, width in
      let input = FeatureShape(batch: 2, height: height, width: width, channels: 10)
      let expand = Stage(
        .pointwise, input: input, outputChannels: 37,
        inputActivation: height == 9 ? .relu : .none, activation: .relu6)
      return chain(expand) {
        let depthwise = Stage(.depthwise, input: $0, window: window, activation: .relu6)
        return [depthwise, Stage(.pointwise, input: depthwise.output, outputChannels: 18)]
      }
    }
  }

  static let entry: [Problem] = windows.prefix(12).flatMap { window in
    [(1, 33, 9), (2, 12, 21), (2, 5, 40)].compactMap { stride, height, width in
      let image = Stage(
        .standard, input: FeatureShape(batch: 2, height: height, width: width, channels: 3),
        window: Window(size: 3, stride: stride, padding: Padding(before: 0, after: 1)),
        outputChannels: 21, inputActivation: height == 12 ? .relu6 : .none, activation: .relu6,
        readsImage: true)
      return chain(image) {
        let depthwise = Stage(.depthwise, input: $0, window: window, activation: .relu6)
        return [depthwise, Stage(.pointwise, input: depthwise.output, outputChannels: 37)]
      }
    }
  }

  static let pooled: [Problem] = [(1, 1), (7, 7), (3, 10), (13, 5)].flatMap { height, width in
    [(5, 8), (21, 35), (40, 70)].compactMap { depth, channels in
      chain(
        Stage(
          .pointwise, input: FeatureShape(batch: 2, height: height, width: width, channels: depth),
          outputChannels: channels, inputActivation: height == 7 ? .relu : .none,
          activation: .relu6)
      ) {
        [Stage(.averagePooling, input: $0, window: Window(height: height, width: width))]
      }
    }
  }

  /// Every pooling window after every depthwise one, one of them with what Xception does before and after.
  static let reduction: [Problem] = windows.prefix(7).flatMap { window in
    windows.prefix(7).flatMap { pooling in
      [(9, 14), (2, 5), (17, 3)].compactMap { height, width in
        let input = FeatureShape(batch: 2, height: height, width: width, channels: 21)
        let isPreActivated = window.height == 3 && window.stride == 1
        let depthwise = Stage(
          .depthwise, input: input, window: window,
          inputActivation: isPreActivated ? .relu : .none)
        return chain(depthwise) {
          let product = Stage(.pointwise, input: $0, outputChannels: 35)
          guard product.defect == nil else { return [product] }
          return [
            product,
            Stage(.maximumPooling, input: product.output, window: pooling, addsResidual: true),
          ]
        }
      }
    }
  }.filter { $0.operation == .reduction }

  static let fused = separable + inverted + entry + pooled + reduction

  static let all =
    depthwise + depthwiseEndings + pointwise + paired + dense + activatedProducts + standard
    + activatedStandard + pooling + softmax + fused

  static let windows: [Window] = [
    Window(size: 3, stride: 1, padding: Padding(before: 1, after: 1)),
    Window(size: 3, stride: 2, padding: Padding(before: 0, after: 1)),
    Window(size: 3, stride: 2, padding: Padding(before: 1, after: 1)),
    Window(size: 3, stride: 1),
    Window(size: 3, stride: 3, padding: Padding(before: 2, after: 0)),
    Window(size: 5, stride: 1, padding: Padding(before: 2, after: 2)),
    Window(size: 5, stride: 2, padding: Padding(before: 1, after: 2)),
    Window(size: 7, stride: 1, padding: Padding(before: 3, after: 3)),
    Window(size: 7, stride: 2, padding: Padding(before: 6, after: 6)),
    Window(height: 3, width: 5, stride: 1, padding: Padding(top: 2, bottom: 0, left: 1, right: 3)),
    Window(height: 2, width: 2, stride: 2),
    Window(size: 1, stride: 2),
  ]
  private static let extents =
    TestEffort.isQuick
    ? [(1, 1), (3, 14), (9, 29)] : [(1, 1), (2, 7), (5, 3), (3, 14), (4, 15), (9, 29), (17, 1)]
  private static let channelCounts = TestEffort.isQuick ? [19] : [1, 8, 16, 19, 50]
  private static let rowCounts =
    TestEffort.isQuick ? [1, 5, 14, 29] : Array(1...32) + [42, 49, 100, 196]

  static func make(_ stage: Stage) -> Problem? { try? Problem(stage) }

  private static func chain(_ first: Stage, _ rest: (FeatureShape) -> [Stage]) -> Problem? {
    guard (try? Problem(first)) != nil, first.output.height > 0, first.output.width > 0 else {
      return nil
    }
    return try? Problem(stages: [first] + rest(first.output))
  }
}
