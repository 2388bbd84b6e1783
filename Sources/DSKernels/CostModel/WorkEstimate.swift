import DSCore

/// Arithmetic cycles of the busiest worker, and the bytes it moves from where they lie.
struct WorkEstimate {
  /// Bytes read or written, and how large the memory is that they are part of.
  struct Flow {
    var bytes: Double
    var footprintBytes: Double
  }

  var cycles = 0.0
  var traffic: [Flow] = []
  /// Weight panels that one register tile after another reads again, and the input that one panel after another does.
  var rereads: [Flow] = []
  /// What a worker reads that another has written: it comes from the other core's cache, and the next writer of those
  /// lines has to take them back.
  var exchangedBytes = 0.0
  let rates: VectorRates
  let workers: Int

  init(
    _ problem: Problem, _ values: KernelParameters, _ kernel: Kernel, rates: VectorRates,
    workers: Int
  ) {
    self.rates = rates
    self.workers = workers
    let last = problem.stages[problem.stages.count - 1]
    switch problem.operation {
    case .pointwise where !kernel.multipliesAsWritten:
      addStrassen(last, values)
    case .pointwise, .dense:
      addActivation(last, shares: max(1, values.p3))
      addProduct(
        last, rows: values.p0, vectors: values.p1, strip: values.p2, rowParts: values.p3,
        inputFootprint: bytes(last.input))
    case .standard:
      addStandard(last, values, gathersPatches: kernel.gathersPatches)
    case .depthwise:
      addDepthwise(
        last, columns: kernel.isWindowTiled ? values.p0 : Self.anyWindowColumns,
        footprint: bytes(last.input))
      addFlow(bytes(last.output), footprint: bytes(last.output))
    case .separable:
      addFused(
        problem.stages[0], last, values, stripRows: values.p2, stripInput: bytes(problem.input))
    case .pooled:
      let product = problem.stages[0]
      addActivation(product, shares: 1)
      addProduct(
        product, rows: values.p0, vectors: values.p1, strip: values.p2, rowParts: 1,
        inputFootprint: bytes(product.input))
      addPooling(last)
    case .reduction:
      let ring = (values.p2 - 1) * last.window.stride + last.window.height
      addFused(
        problem.stages[0], problem.stages[1], values, stripRows: values.p2 * last.window.stride,
        stripInput: bytes(problem.input), stripOutput: stripBytes(last.input, ring))
      addPooling(last)
      addFlow(bytes(last.output), footprint: bytes(last.output))
    case .invertedResidual:
      let expand = problem.stages[0]
      addActivation(expand, shares: workers)
      addProduct(
        expand, rows: values.p0, vectors: values.p1, strip: 0, rowParts: workers,
        inputFootprint: bytes(expand.input), outputFootprint: stripBytes(expand.output, values.p2))
      addFused(
        problem.stages[1], last, values, stripRows: values.p2,
        stripInput: stripBytes(expand.output, values.p2 + 2))
    case .entry:
      let image = problem.stages[0]
      addProduct(
        image, rows: values.p4, vectors: values.p5, strip: 1, rowParts: workers,
        inputFootprint: bytes(image.input), outputFootprint: stripBytes(image.output, values.p2))
      addFused(
        problem.stages[1], last, values, stripRows: values.p2,
        stripInput: stripBytes(image.output, values.p2 + 2))
    case .maximumPooling, .averagePooling, .softmax:
      addPooling(last)
      addFlow(bytes(last.input), footprint: bytes(last.input))
      addFlow(bytes(last.output), footprint: bytes(last.output))
    }
  }

  /// Outputs whose sums do not wait for each other where a depthwise window has no register tile, edges included.
  private static let anyWindowColumns = 4

  /// A product's input is clamped into scratch first, by every worker that shares its rows: a load, two comparisons and a store.
  private mutating func addActivation(_ stage: Stage, shares: Int) {
    if stage.inputActivation == .none { return }
    cycles += 3 * bytes(stage.input) / 4 / rates.lanes / Double(shares)
  }

  func bytes(_ shape: FeatureShape) -> Double { Double(shape.elementCount * 4) }

  private func stripBytes(_ shape: FeatureShape, _ rows: Int) -> Double {
    Double(min(rows, shape.height) * shape.width * shape.channels * 4)
  }

  mutating func addFlow(_ bytes: Double, footprint: Double) {
    traffic.append(
      Flow(bytes: bytes / Double(workers), footprintBytes: footprint / Double(workers)))
  }

  /// A register-tiled matrix product cut into row and panel parts.
  private mutating func addProduct(
    _ stage: Stage, rows: Int, vectors: Int, strip: Int, rowParts: Int, inputFootprint: Double,
    outputFootprint: Double? = nil
  ) {
    let depth = Double(stage.reductionLength)
    let rowParts = max(1, rowParts)
    let panelParts = max(1, workers / rowParts)
    let ownPixels = ownPixels(stage.output, rowParts: rowParts)
    let tiledPixels = ownPixels ?? stage.output.pixelCount
    let tiles = Split(tiledPixels, atMost: rows)
    let panels = PanelSplit(
      (stage.outputChannels + Int(rates.lanes) - 1) / Int(rates.lanes), atMost: vectors)
    let tileRows = Double(tiledPixels) / Double(tiles.parts)
    let panelVectors = Double(panels.vectors) / Double(panels.parts)
    let ownTiles = Double(
      ownPixels == nil ? Split(tiles.parts, parts: rowParts).length(0) : tiles.parts)
    let ownPanels = Double(Split(panels.parts, parts: panelParts).length(0))
    cycles += ownTiles * ownPanels * meanTileCycles(depth: depth, rows: tileRows, panels)

    // Workers that share the rows but not the panels read each other's part of the input.
    exchangedBytes += inputFootprint / Double(rowParts) * (1 - 1 / Double(panelParts))
    let weights = depth * Double(stage.outputChannels) * 4 / Double(panelParts)
    let input = inputFootprint / Double(rowParts)
    let passes = strip == 0 ? 1 : (ownTiles / Double(strip)).rounded(.up)
    rereads.append(
      Flow(
        bytes: weights * (ownTiles - passes),
        footprintBytes: depth * panelVectors * rates.lanes * 4))
    if strip == 0 {
      traffic.append(Flow(bytes: weights, footprintBytes: weights))
      traffic.append(Flow(bytes: input, footprintBytes: input))
      rereads.append(Flow(bytes: input * (ownPanels - 1), footprintBytes: input))
    } else {
      traffic.append(Flow(bytes: weights * passes, footprintBytes: weights))
      traffic.append(Flow(bytes: input, footprintBytes: input))
    }
    addFlow(bytes(stage.output), footprint: outputFootprint ?? bytes(stage.output))
  }

  /// Of a tile against a panel, the mean of the wide and the narrow ones: eight vectors in panels of 3, 3 and 2 are tiles of 5×3, whose sums
  /// keep the multiply-adds busy, and of 5×2, whose sums wait for each other.
  func meanTileCycles(depth: Double, rows: Double, _ panels: PanelSplit) -> Double {
    let narrow = panels.vectors / panels.parts
    let wideCount = panels.vectors % panels.parts
    var total = 0.0
    for (width, count) in [(narrow, panels.parts - wideCount), (narrow + 1, wideCount)] {
      let vectors = Double(width)
      let step = rates.step(
        multiplyAddCount: rows * vectors, loadCount: vectors, broadcastCount: rows)
      total += Double(count) * (depth * step + rates.tileGap(sums: rows * vectors))
    }
    return total / Double(panels.parts)
  }

  /// Pixels of a worker that has whole rows of the map, as many as any other: it tiles them by itself (`RowSlices` of the
  /// runtime). `nil` where all pixels are tiled and the tiles divided: 196 pixels are 33 tiles of six, of which one worker
  /// has 17, and twice 98 are 17 each.
  private func ownPixels(_ output: FeatureShape, rowParts: Int) -> Int? {
    guard rowParts > 1, rowParts == workers, output.batch == 1, output.height % rowParts == 0
    else { return nil }
    return output.pixelCount / rowParts
  }

  private mutating func addStandard(
    _ stage: Stage, _ values: KernelParameters, gathersPatches: Bool
  ) {
    if stage.readsImage && !gathersPatches {
      addProduct(
        stage, rows: values.p0, vectors: values.p1, strip: 1, rowParts: workers,
        inputFootprint: bytes(stage.input))
      return
    }
    if !gathersPatches {
      addDirect(stage, values)
      return
    }
    let patches = Double(stage.output.pixelCount * stage.reductionLength * 4)
    cycles += patches / (stage.readsImage ? 4 : 32) / Double(workers)
    let footprint = Double(values.p0 * max(1, values.p2) * stage.reductionLength * 4 * workers)
    addProduct(
      stage, rows: values.p0, vectors: values.p1, strip: max(1, values.p2), rowParts: workers,
      inputFootprint: footprint)
    addFlow(patches, footprint: footprint)
    addFlow(bytes(stage.input), footprint: bytes(stage.input))
  }

  /// One output row at a time against all panels; a padded copy of the input first where it is needed.
  private mutating func addDirect(_ stage: Stage, _ values: KernelParameters) {
    let rows = stage.output.height * stage.output.batch
    var row = stage
    row.input.batch = 1
    row.input.height = stage.window.height
    row.window.padding.top = 0
    row.window.padding.bottom = 0
    var one = WorkEstimate(rates: rates)
    one.addProduct(
      row, rows: values.p0, vectors: values.p1, strip: values.p2, rowParts: 1,
      inputFootprint: bytes(row.input))
    let share = Double(rows) / Double(workers)
    cycles += one.cycles * share
    func shared(_ flow: Flow) -> Flow {
      Flow(bytes: flow.bytes * share, footprintBytes: flow.footprintBytes)
    }
    traffic += one.traffic.map(shared)
    rereads += one.rereads.map(shared)
    addFlow(bytes(stage.input), footprint: bytes(stage.input))
    if stage.window.padding != .none || stage.inputActivation != .none {
      cycles += bytes(stage.input) / 64 / Double(workers)
      addFlow(2 * bytes(stage.input), footprint: bytes(stage.input))
    }
  }

  private init(rates: VectorRates) {
    self.rates = rates
    workers = 1
  }

  private mutating func addPooling(_ stage: Stage) {
    let reads = bytes(stage.output) * Double(min(stage.window.tapCount, 9))
    cycles += reads / 64 / Double(workers)
  }

  /// Depthwise and pointwise by strips; the weights come by once for every strip.
  ///
  /// - Parameter stripOutput: bytes that the product is written to; `nil` where that is all of its output.
  private mutating func addFused(
    _ depthwise: Stage, _ pointwise: Stage, _ values: KernelParameters, stripRows: Int,
    stripInput: Double, stripOutput: Double? = nil
  ) {
    addDepthwise(depthwise, columns: max(1, values.p3), footprint: stripInput * Double(workers))
    let strip = stripBytes(depthwise.output, stripRows)
    addProduct(
      pointwise, rows: values.p0, vectors: values.p1, strip: 0, rowParts: workers,
      inputFootprint: strip * Double(workers), outputFootprint: stripOutput)
    let strips = (Double(depthwise.output.height * depthwise.output.batch) / Double(stripRows))
    let weights = Double(pointwise.weightCount * 4)
    traffic.append(
      Flow(
        bytes: weights * max(0, strips / Double(workers) - 1), footprintBytes: weights + strip))
  }
}
