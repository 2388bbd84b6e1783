import DSCore

extension WorkEstimate {
  /// For each pair of pixels and each vector of half of the input: four loads, five sums and seven stores, whose lines are
  /// not in L1. Measured at 19×19×728→728 (Zen 5).
  private static let gatherCycles = 22.0
  /// For each pair of pixels and each vector of half of the output: seven loads, twelve sums, four clamps and stores.
  private static let sumCycles = 19.0

  /// Seven products of halves, what makes their operands and what adds them up.
  mutating func addStrassen(_ stage: Stage, _ values: KernelParameters) {
    let halves = ProductHalves(stage, lanes: Int(rates.lanes))
    let rowParts = min(max(1, values.p3), workers)
    let panelParts = max(1, workers / rowParts)
    let pairs = Split(PixelPairs(stage.output).count, parts: rowParts).length(0)
    let tiles = Split(pairs, atMost: values.p0)
    let panels = PanelSplit(halves.vectors, atMost: values.p1)
    let ownPanels = Split(panels.parts, parts: panelParts).length(0)
    let depths = (0..<ProductHalves.productCount).map { Double(halves.depth(ofProduct: $0)) }
    for depth in depths {
      cycles +=
        Double(tiles.parts * ownPanels)
        * meanTileCycles(depth: depth, rows: Double(pairs) / Double(tiles.parts), panels)
    }
    cycles += Double(pairs * halves.depth / halves.lanes) * Self.gatherCycles
    cycles += Double(pairs * halves.vectors) / Double(panelParts) * Self.sumCycles
    // Where the panels are cut, a worker with fewer of them does the rest.
    if halves.restVectors > 0 && panels.parts % panelParts == 0 {
      let rest = PanelSplit(halves.restVectors, atMost: values.p1)
      let restTiles = Split(2 * pairs, atMost: values.p0)
      let rows = 2 * Double(pairs) / Double(restTiles.parts)
      cycles +=
        Double(restTiles.parts * rest.parts)
        * meanTileCycles(depth: Double(stage.input.channels), rows: rows, rest)
    }

    let strips = (Double(tiles.parts) / Double(values.p2)).rounded(.up)
    let weights = Double(Packing.strassenByteCount(stage, lanes: halves.lanes)) / Double(panelParts)
    let panel = Double(halves.depth * values.p1 * halves.lanes * 4)
    let operands = depths.reduce(0, +) * Double(pairs * 4)
    traffic.append(Flow(bytes: weights * strips, footprintBytes: weights))
    rereads.append(
      Flow(bytes: weights * (Double(tiles.parts) - strips), footprintBytes: panel))
    rereads.append(
      Flow(bytes: operands * Double(ownPanels), footprintBytes: operands / strips))
    let input = bytes(stage.input) / Double(rowParts)
    exchangedBytes += input * (1 - 1 / Double(panelParts))
    traffic.append(Flow(bytes: input, footprintBytes: input))
    addFlow(bytes(stage.output), footprint: bytes(stage.output))
  }
}
