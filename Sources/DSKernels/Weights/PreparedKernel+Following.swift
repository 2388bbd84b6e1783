import DSCore

extension PreparedKernel {
  /// What the steps before should fetch, so that this one does not begin by waiting for memory: each
  /// worker's first panel; kernels fetch their further panels themselves.
  ///
  /// A product of one or two register tiles (a dense layer) has no time to fetch the next panel: all of a
  /// worker's panels are named.
  ///
  /// - Returns: `nil` where no stage has panels.
  public func weightsToFetch(workers: Int) -> FollowingWeights? {
    for (index, packing) in kernel.packings(problem, values).enumerated() {
      let stage = problem.stages[index]
      if case .strassen(let vectors, let lanes) = packing {
        // Each worker begins with the first product of its first panel.
        let halves = ProductHalves(stage, lanes: lanes)
        let panels = PanelSplit(halves.vectors, atMost: vectors)
        let panelParts = max(1, workers / rowParts(workers: workers, input: nil))
        let share = Split(panels.parts, parts: panelParts).length(0)
        let rowBytes = lanes * 4
        return FollowingWeights(
          address: UnsafeRawPointer(packed.base + stageOffsets[index]),
          byteCount: halves.firstPanelRow(ofProduct: 1) * panels.length(0) * rowBytes,
          bytesBetweenWorkers: panelParts == 1
            ? 0 : panels.start(share) * halves.panelRows * rowBytes)
      }
      guard case .panels(let vectors, let lanes) = packing else { continue }
      let named = kernel.named(values)
      let rows = named["rows", default: 1]
      let panels = PanelSplit((stage.outputChannels + lanes - 1) / lanes, atMost: vectors)
      let panelBytes = packing.byteCount(stage) / panels.parts
      let tiles = Split(stage.output.pixelCount, atMost: rows).parts
      let panelParts = max(1, workers / rowParts(workers: workers, input: nil))
      let share = (panels.parts + panelParts - 1) / panelParts * panelBytes
      return FollowingWeights(
        address: UnsafeRawPointer(packed.base + stageOffsets[index]),
        byteCount: tiles <= 2 ? share : panelBytes,
        bytesBetweenWorkers: panelParts == 1 ? 0 : share)
    }
    return nil
  }
}
