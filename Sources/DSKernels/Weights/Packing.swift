import DSCore

/// How a kernel wants one stage's weights to lie in memory.
public enum Packing: Hashable, Sendable {
  /// No weights.
  case none
  /// Bias, then the kernel as `StageWeights` has it.
  case plain
  /// [N / NR][bias NR][K][NR]: output channels in panels of at most `vectors` vectors of `lanes`, cut as
  /// `PanelSplit` does; the last vector padded with zeros. For blocked standard convolutions K counts each
  /// tap's input channels padded to a block.
  case panels(vectors: Int, lanes: Int)
  /// As `ProductHalves` cuts the product: panels of at most `vectors` vectors of a half's output channels, each with both
  /// halves' biases and the seven operands [bias of zeros][depth][NR]; then the remaining channels in ordinary panels.
  case strassen(vectors: Int, lanes: Int)
  /// For each channel block its bias and taps; padded with zeros.
  case taps(lanes: Int)

  /// Bytes of the packed form.
  public func byteCount(_ stage: Stage) -> Int {
    switch self {
    case .none: 0
    case .plain: (stage.weightCount + stage.outputChannels) * 4
    case .panels(_, let lanes):
      Self.vectorCount(stage, lanes) * lanes * (Self.packedDepth(stage, lanes) + 1) * 4
    case .strassen(_, let lanes): Self.strassenByteCount(stage, lanes: lanes)
    case .taps(let lanes):
      Self.vectorCount(stage, lanes) * (stage.window.tapCount + 1) * lanes * 4
    }
  }

  private static func vectorCount(_ stage: Stage, _ lanes: Int) -> Int {
    (stage.outputChannels + lanes - 1) / lanes
  }

  private static func packedDepth(_ stage: Stage, _ lanes: Int) -> Int {
    guard stage.kind == .standard, !stage.readsImage else { return stage.reductionLength }
    return stage.window.tapCount * ((stage.input.channels + lanes - 1) / lanes * lanes)
  }

  /// Writes the packed form of `weights` to `target`, which holds `byteCount(stage)` bytes.
  public func pack(_ weights: StageWeights, _ stage: Stage, into target: UnsafeMutableRawPointer) {
    precondition(weights.fits(stage), "weights do not fit a \(stage.kind.rawValue) stage")
    let floats = target.assumingMemoryBound(to: Float.self)
    switch self {
    case .none: break
    case .plain:
      floats.update(from: weights.bias, count: weights.bias.count)
      (floats + weights.bias.count).update(from: weights.kernel, count: weights.kernel.count)
    case .panels(let vectors, let lanes):
      packPanels(weights, stage, vectors, lanes, from: 0, floats)
    case .strassen(let vectors, let lanes):
      packStrassen(weights, stage, vectors: vectors, lanes: lanes, into: floats)
    case .taps(let lanes):
      packTaps(weights, stage, lanes, floats)
    }
  }

  /// - Parameter firstVector: of output channels; those before are not packed.
  func packPanels(
    _ weights: StageWeights, _ stage: Stage, _ vectors: Int, _ lanes: Int, from firstVector: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let outputs = stage.outputChannels
    let inputs = stage.input.channels
    let depth = Self.packedDepth(stage, lanes)
    let tapDepth = depth / stage.window.tapCount
    let panels = PanelSplit(Self.vectorCount(stage, lanes) - firstVector, atMost: vectors)
    var cursor = target
    func copy(_ source: UnsafePointer<Float>?, from first: Int, width: Int) {
      let used = source == nil ? 0 : max(0, min(width, outputs - first))
      if let source { cursor.update(from: source + first, count: used) }
      (cursor + used).update(repeating: 0, count: width - used)
      cursor += width
    }
    weights.kernel.withUnsafeBufferPointer { kernel in
      weights.bias.withUnsafeBufferPointer { bias in
        for panel in 0..<panels.parts {
          let first = (firstVector + panels.start(panel)) * lanes
          let width = panels.length(panel) * lanes
          copy(bias.baseAddress, from: first, width: width)
          for tap in 0..<stage.window.tapCount {
            for channel in 0..<tapDepth {
              let row = (tap * inputs + channel) * outputs
              copy(
                channel < inputs ? kernel.baseAddress.map { $0 + row } : nil, from: first,
                width: width)
            }
          }
        }
      }
    }
  }

  private func packTaps(
    _ weights: StageWeights, _ stage: Stage, _ lanes: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let channels = stage.outputChannels
    target.update(repeating: 0, count: byteCount(stage) / 4)
    var cursor = target
    for block in 0..<Self.vectorCount(stage, lanes) {
      for tap in -1..<stage.window.tapCount {
        for lane in 0..<min(lanes, channels - block * lanes) {
          let channel = block * lanes + lane
          cursor[lane] = tap < 0 ? weights.bias[channel] : weights.kernel[tap * channels + channel]
        }
        cursor += lanes
      }
    }
  }
}
