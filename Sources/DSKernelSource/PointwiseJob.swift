import DSCore

/// A matrix product in channel blocks: `rows` pixels × `depth` input channels × output channels.
///
/// Also the inner half of standard convolutions (after gathering patches) and of fused blocks
/// (after their depthwise stage), which is why it is separate from `KernelCall`.
struct PointwiseJob {
  var input: UnsafeRawPointer
  var inputPlaneBytes: Int
  /// The K of the product: input channels, times window taps in a direct convolution.
  var depth: Int
  /// Window taps, `tapDepth` channels each; one in a pointwise product.
  var taps = 1
  var tapDepth: Int
  /// Rows of a panel between two taps' weights: those of the channels that pad the last block, which may hold NaN.
  var tapPadding = 0
  /// Neighbouring taps lie one pixel apart, `tapsInRow` of them in each of the rows `tapRowBytes` apart.
  var tapsInRow = 1
  var tapRowBytes = 0
  /// Panels [N / NR][bias NR][K][NR]: output channels in panels of a whole number of vectors.
  var weights: UnsafeRawPointer
  var output: UnsafeMutableRawPointer
  var outputPlaneBytes: Int
  /// Vectors of output channels, the last one padded.
  var outputVectors: Int
  /// 1 where the last vector is at most half full, else 0.
  var halfVectors: Int
  /// As register tiles count halves: 1 for two in a register, 2 for each in its own.
  var halfForm: Int
  var residual: UnsafeRawPointer?
  var residualPlaneBytes: Int
  /// Vectors, not numbers to be spread: see `clamp`.
  var low: Vector
  var high: Vector
  /// The upper half of a vector. Here and not a constant: from one, Swift 6.3 made a permutation, on the multiply-adds' ports,
  /// of what a mask blends on any (56×56×144→24 101 → 89 µs on Zen 5).
  var upperLanes = SIMDMask<Vector.MaskStorage>(repeating: false)
  var fetches = WeightFetches()

  @inline(always)
  init(_ stage: StageCall, input: UnsafeRawPointer, inputPlaneBytes: Int) {
    self.input = input
    self.inputPlaneBytes = inputPlaneBytes
    depth = stage.inputChannels
    tapDepth = depth
    weights = stage.weights
    output = UnsafeMutableRawPointer(mutating: stage.weights)
    outputPlaneBytes = 0
    outputVectors = (stage.outputChannels + lanes - 1) / lanes
    let lastChannels = stage.outputChannels - (outputVectors - 1) * lanes
    halfVectors = 2 * lastChannels <= lanes ? 1 : 0
    halfForm = stage.halvesApart ? 2 : 1
    residual = nil
    residualPlaneBytes = 0
    low = Vector(repeating: stage.low)
    high = Vector(repeating: stage.high)
    for lane in (lanes / 2)..<lanes { upperLanes[lane] = true }
  }

  /// Sums over the taps of a window, whose weights are packed for whole channel blocks.
  @inline(always)
  mutating func sumsOverTaps(of stage: StageCall, tapsInRow: Int, tapRowBytes: Int) {
    taps = stage.windowHeight * stage.windowWidth
    tapDepth = stage.inputChannels
    let blocks = (tapDepth + lanes - 1) / lanes
    tapPadding = blocks * lanes - tapDepth
    depth = taps * blocks * lanes
    self.tapsInRow = tapsInRow
    self.tapRowBytes = tapRowBytes
  }

  /// From a window's first tap to its `tap`th, in the input.
  @inline(always)
  func offsetBytes(ofTap tap: Int) -> Int {
    tap / tapsInRow * tapRowBytes + tap % tapsInRow * vectorBytes
  }

  /// The output and residual of the call's last stage, `rowOffset` pixels from the start.
  @inline(always)
  mutating func writesOutput(of call: UnsafePointer<KernelCall>, fromRow row: Int) {
    output = call.pointee.output + row * vectorBytes
    outputPlaneBytes = call.pointee.outputPlaneBytes
    residual = call.pointee.residual.map { $0 + row * vectorBytes }
    residualPlaneBytes = call.pointee.residualPlaneBytes
  }

  /// Multiplies rows `firstRow ..< firstRow + rowCount` with panels `panels` of `panelSplit`.
  ///
  /// `stripTiles` row tiles at a time walk over all panels: one keeps the input tile in L1 while the
  /// weights stream past, all of them (0) keep a weight panel while the input streams past.
  ///
  /// - Parameter endPanel: the panel before it is the last that is fetched ahead; `panels`' own last if `nil`.
  @inline(always)
  mutating func run(
    firstRow: Int, rowCount: Int, panels: Range<Int>, fetchesUpTo endPanel: Int? = nil,
    panelSplit: PanelSplit, tileRows: Int, stripTiles: Int
  ) {
    if rowCount == 0 { return }
    let endPanel = endPanel ?? panels.upperBound
    let tiles = Split(rowCount, atMost: tileRows)
    let step = stripTiles == 0 ? tiles.parts : stripTiles
    var tile = 0
    while tile < tiles.parts {
      let end = min(tile + step, tiles.parts)
      let longEnd = max(tile, min(end, tiles.longCount))
      var panel = panels.lowerBound
      while panel < panels.upperBound {
        let block = panelSplit.start(panel)
        let vectors = panelSplit.length(panel)
        fetches.nextPanel =
          tile == 0 && end > 2 && panel + 1 < endPanel
          ? fetch(panel + 1, of: panelSplit, tiles: end) : WeightFetch()
        multiplyTiles(
          rows: tiles.short + 1, vectors: vectors, count: longEnd - tile,
          firstRow: firstRow + tiles.start(tile), block: block)
        multiplyTiles(
          rows: tiles.short, vectors: vectors, count: end - longEnd,
          firstRow: firstRow + tiles.start(longEnd), block: block)
        panel += 1
      }
      tile = end
    }
  }

  @inline(always)
  private mutating func multiplyTiles(
    rows: Int, vectors: Int, count: Int, firstRow: Int, block: Int
  ) {
    if count == 0 { return }
    let mayEndHalf = vectors <= widestHalfPanel && block + vectors == outputVectors
    let halves = mayEndHalf ? halfVectors : 0
    multiplyRegisterTiles(
      rows: rows, vectors: vectors - halves, halves: halves * halfForm, count: count,
      firstRow: firstRow, block: block, job: &self)
  }

  /// How often a register tile fetches weights: once for each channel block of its depth.
  @inline(always)
  private var fetchSteps: Int { taps * ((tapDepth + lanes - 1) / lanes) }

  @inline(always)
  private func fetch(_ panel: Int, of split: PanelSplit, tiles: Int) -> WeightFetch {
    WeightFetch(
      address: weights + split.start(panel) * (depth + 1) * vectorBytes,
      byteCount: split.length(panel) * (depth + 1) * vectorBytes, steps: tiles * fetchSteps)
  }

  /// Spreads this worker's part of later layers' weights over `tiles` register tiles.
  @inline(always)
  mutating func fetchFollowing(_ weights: FollowingWeights, _ worker: Int, tiles: Int) {
    fetches.following = WeightFetch(
      address: weights.address + worker * weights.bytesBetweenWorkers,
      byteCount: weights.byteCount, steps: tiles * fetchSteps)
  }
}
