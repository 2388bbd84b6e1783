import DSCore

extension Packing {
  static func strassenByteCount(_ stage: Stage, lanes: Int) -> Int {
    let halves = ProductHalves(stage, lanes: lanes)
    let rest = halves.restVectors * (stage.input.channels + 1)
    return (halves.vectors * halves.panelRows + rest) * lanes * 4
  }

  func packStrassen(
    _ weights: StageWeights, _ stage: Stage, vectors: Int, lanes: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let halves = ProductHalves(stage, lanes: lanes)
    let panels = PanelSplit(halves.vectors, atMost: vectors)
    target.update(repeating: 0, count: byteCount(stage) / 4)
    for panel in 0..<panels.parts {
      let first = panels.start(panel)
      let width = panels.length(panel)
      let start = target + first * halves.panelRows * lanes
      for half in 0..<2 {
        let channel = (first + half * halves.vectors) * lanes
        for lane in 0..<(width * lanes) {
          start[half * width * lanes + lane] = weights.bias[channel + lane]
        }
      }
      for product in 0..<ProductHalves.productCount {
        let row = halves.firstPanelRow(ofProduct: product) + 1
        Self.packOperand(
          product, weights.kernel, halves, outputs: stage.outputChannels,
          firstChannel: first * lanes,
          width: width * lanes, start + row * width * lanes)
      }
    }
    packPanels(
      weights, stage, vectors, lanes, from: 2 * halves.vectors,
      target + halves.vectors * halves.panelRows * lanes)
  }

  /// The right operand of one product for `width` output channels of each half.
  private static func packOperand(
    _ product: Int, _ kernel: [Float], _ halves: ProductHalves, outputs: Int, firstChannel: Int,
    width: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let right = halves.vectors * halves.lanes
    kernel.withUnsafeBufferPointer { kernel in
      guard let base = kernel.baseAddress else { return }
      for k in 0..<halves.depth(ofProduct: product) {
        let upper = base + k * outputs + firstChannel
        let lower = upper + halves.depth * outputs
        let hasLower = k < halves.secondDepth
        for lane in 0..<width {
          let (w11, w12) = (upper[lane], upper[right + lane])
          let (w21, w22) = hasLower ? (lower[lane], lower[right + lane]) : (0, 0)
          target[k * width + lane] =
            switch product {
            case 0: w11 + w22
            case 1: w11
            case 2: w12 - w22
            case 3: w21 - w11
            case 4: w22
            case 5: w11 + w12
            default: w21 + w22
            }
        }
      }
    }
  }
}

extension ProductHalves {
  init(_ stage: Stage, lanes: Int) {
    self.init(
      inputChannels: stage.input.channels, outputChannels: stage.outputChannels, lanes: lanes)
  }
}
