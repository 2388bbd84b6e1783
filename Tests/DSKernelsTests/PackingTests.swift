import DSCore
import DSKernels
import Testing

/// Packed weights against index formulas written down independently of the packing code.
@Suite("Packed weights")
struct PackingTests {
  /// Every weight and bias of a stage a different number, none of them zero.
  private func numbered(_ stage: Stage) -> StageWeights {
    StageWeights(
      kernel: (0..<stage.weightCount).map { Float($0 + 1) },
      bias: (0..<stage.outputChannels).map { -Float($0 + 1) })
  }

  private func packed(_ packing: Packing, _ weights: StageWeights, _ stage: Stage) -> [Float] {
    var floats = [Float](repeating: 0, count: packing.byteCount(stage) / 4)
    floats.withUnsafeMutableBytes { bytes in
      if let base = bytes.baseAddress { packing.pack(weights, stage, into: base) }
    }
    return floats
  }

  @Test("Plain: bias, then the kernel as it is")
  func plain() {
    let stage = Stage(
      .pointwise, input: FeatureShape(height: 2, width: 2, channels: 3), outputChannels: 5)
    let weights = numbered(stage)
    #expect(packed(.plain, weights, stage) == weights.bias + weights.kernel)
  }

  @Test("None: no bytes")
  func none() {
    let stage = Stage(.softmax, input: FeatureShape(height: 1, width: 1, channels: 7))
    #expect(Packing.none.byteCount(stage) == 0)
    #expect(packed(.none, .none, stage).isEmpty)
  }

  @Test(
    "Taps: bias and taps of each channel block",
    arguments: [8, 16], [1, 8, 16, 19, 40])
  func taps(lanes: Int, channels: Int) {
    let stage = Stage(
      .depthwise, input: FeatureShape(height: 9, width: 9, channels: channels),
      window: Window(height: 3, width: 5))
    let weights = numbered(stage)
    let values = packed(.taps(lanes: lanes), weights, stage)
    let blocks = (channels + lanes - 1) / lanes
    #expect(values.count == lanes * blocks * 16)

    var expected = [Float](repeating: 0, count: values.count)
    for channel in 0..<channels {
      let first = lanes * (channel / lanes * 16) + channel % lanes
      expected[first] = weights.bias[channel]
      for tap in 0..<15 {
        expected[first + lanes * (1 + tap)] = weights.kernel[tap * channels + channel]
      }
    }
    #expect(values == expected)
  }

  @Test(
    "Panels: bias, then K rows, for each balanced run of output vectors",
    arguments: [1, 2, 3, 4, 8], [(8, 1), (8, 40), (16, 33), (16, 96), (16, 97)])
  func panels(vectors: Int, shape: (lanes: Int, outputs: Int)) {
    let (lanes, outputs) = shape
    let stage = Stage(
      .pointwise, input: FeatureShape(height: 1, width: 1, channels: 5), outputChannels: outputs)
    expectPanels(stage, vectors: vectors, lanes: lanes, depth: 5) { k, n in k * outputs + n }
  }

  /// The vector kernels read inputs in whole channel blocks, so K counts the padding channels.
  @Test("Panels of a standard convolution pad each tap's channels to a block")
  func blockedStandard() {
    let stage = Stage(
      .standard, input: FeatureShape(height: 9, width: 9, channels: 19),
      window: Window(height: 2, width: 3), outputChannels: 21)
    expectPanels(stage, vectors: 2, lanes: 8, depth: 6 * 24) { k, n in
      k % 24 < 19 ? (k / 24 * 19 + k % 24) * 21 + n : nil
    }
  }

  @Test("Panels of the first layer leave the image's channels as they are")
  func image() {
    let stage = Stage(
      .standard, input: FeatureShape(height: 9, width: 9, channels: 3), window: Window(size: 3),
      outputChannels: 32, readsImage: true)
    expectPanels(stage, vectors: 2, lanes: 16, depth: 27) { k, n in k * 32 + n }
  }

  /// Written from the definition: operand p of row k and column n, two halves of columns in one panel.
  @Test(
    "Strassen: both biases, seven operands, and what belongs to no half", arguments: [1, 2, 3],
    [(8, 24, 40), (8, 17, 37), (16, 64, 96), (16, 40, 100)])
  func strassen(vectors: Int, shape: (lanes: Int, inputs: Int, outputs: Int)) {
    let (lanes, inputs, outputs) = shape
    let stage = Stage(
      .pointwise, input: FeatureShape(height: 1, width: 2, channels: inputs),
      outputChannels: outputs)
    let weights = numbered(stage)
    let values = packed(.strassen(vectors: vectors, lanes: lanes), weights, stage)
    let depth = ((inputs + lanes - 1) / lanes + 1) / 2 * lanes
    let halfVectors = outputs / lanes / 2
    func weight(_ k: Int, _ n: Int) -> Float { k < inputs ? weights.kernel[k * outputs + n] : 0 }

    var expected: [Float] = []
    let panels = (halfVectors + vectors - 1) / vectors
    for panel in 0..<panels {
      let columns =
        (panel * halfVectors / panels * lanes)..<((panel + 1) * halfVectors / panels * lanes)
      let right = halfVectors * lanes
      expected += columns.map { weights.bias[$0] } + columns.map { weights.bias[$0 + right] }
      let operands: [(Int, Int) -> Float] = [
        { weight($0, $1) + weight($0 + depth, $1 + right) }, { weight($0, $1) },
        { weight($0, $1 + right) - weight($0 + depth, $1 + right) },
        { weight($0 + depth, $1) - weight($0, $1) }, { weight($0 + depth, $1 + right) },
        { weight($0, $1) + weight($0, $1 + right) },
        { weight($0 + depth, $1) + weight($0 + depth, $1 + right) },
      ]
      for (product, operand) in operands.enumerated() {
        expected += columns.map { _ in 0 }
        // Rows beyond the second half are never read where the operand has nothing but that half's.
        let rows = [3, 4, 6].contains(product) ? inputs - depth : depth
        for k in 0..<depth { expected += columns.map { k < rows ? operand(k, $0) : 0 } }
      }
    }
    let rest = (outputs + lanes - 1) / lanes - 2 * halfVectors
    let restPanels = (rest + vectors - 1) / vectors
    for panel in 0..<restPanels {
      let first = 2 * halfVectors * lanes
      let start = first + panel * rest / restPanels * lanes
      let end = first + (panel + 1) * rest / restPanels * lanes
      let columns = start..<end
      expected += columns.map { $0 < outputs ? weights.bias[$0] : 0 }
      for k in 0..<inputs { expected += columns.map { $0 < outputs ? weight(k, $0) : 0 } }
    }
    #expect(values == expected)
  }

  /// - Parameter index: where in the unpacked kernel the weight of row `k` and output `n` lies;
  ///   `nil` for a row of padding.
  private func expectPanels(
    _ stage: Stage, vectors: Int, lanes: Int, depth: Int,
    index: (_ k: Int, _ n: Int) -> Int?
  ) {
    let weights = numbered(stage)
    let values = packed(.panels(vectors: vectors, lanes: lanes), weights, stage)
    let outputVectors = (stage.outputChannels + lanes - 1) / lanes
    #expect(values.count == outputVectors * lanes * (depth + 1))

    var expected: [Float] = []
    let panelCount = (outputVectors + vectors - 1) / vectors
    var first = 0
    for panel in 0..<panelCount {
      let end = (panel + 1) * outputVectors / panelCount
      let width = (end - panel * outputVectors / panelCount) * lanes
      #expect(width <= vectors * lanes)
      for row in -1..<depth {
        for n in first..<(first + width) {
          let source = n < stage.outputChannels ? (row < 0 ? n : index(row, n)) : nil
          expected.append(source.map { row < 0 ? weights.bias[$0] : weights.kernel[$0] } ?? 0)
        }
      }
      first += width
    }
    #expect(values == expected)
  }
}
