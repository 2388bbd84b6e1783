import DSCore

/// Where the weights of Strassen's seven products lie; see `Packing.strassen`.
struct StrassenPanels {
  let halves: ProductHalves
  /// Vectors of one half of the output channels.
  let split: PanelSplit
  private let base: UnsafeRawPointer

  @inline(always)
  init(_ stage: StageCall, vectors: Int) {
    halves = ProductHalves(
      inputChannels: stage.inputChannels, outputChannels: stage.outputChannels, lanes: lanes)
    split = PanelSplit(halves.vectors, atMost: vectors)
    base = stage.weights
  }

  @inline(always)
  var byteCount: Int { halves.vectors * halves.panelRows * vectorBytes }

  @inline(always)
  private func start(_ panel: Int) -> UnsafeRawPointer {
    base + split.start(panel) * halves.panelRows * vectorBytes
  }

  /// Of both halves.
  @inline(always)
  func biases(_ panel: Int, vector: Int) -> (first: Vector, second: Vector) {
    (load(start(panel), vector), load(start(panel), split.length(panel) + vector))
  }

  @inline(always)
  func weights(_ panel: Int, _ product: Int) -> UnsafeRawPointer {
    start(panel) + halves.firstPanelRow(ofProduct: product) * split.length(panel) * vectorBytes
  }

  /// The weights that are multiplied next.
  ///
  /// - Parameters:
  ///   - own: the panels that are multiplied.
  ///   - wraps: whether after the last of them the first follows.
  @inline(always)
  func next(
    after product: Int, _ panel: Int, of own: Range<Int>, wraps: Bool
  ) -> FollowingWeights? {
    var (product, panel) = (product + 1, panel)
    if product == ProductHalves.productCount { (product, panel) = (0, panel + 1) }
    if panel == own.upperBound {
      if !wraps { return nil }
      panel = own.lowerBound
    }
    return FollowingWeights(
      address: weights(panel, product),
      byteCount: (halves.depth(ofProduct: product) + 1) * split.length(panel) * vectorBytes,
      bytesBetweenWorkers: 0)
  }
}
