import DSCore

extension StageCall {
  /// Whether the input goes through an activation of its own.
  @inline(always)
  var activatesInput: Bool { inputLow > -.infinity || inputHigh < .infinity }
}

/// Some pixels of a product's input after its activation, in scratch.
///
/// Each value is clamped once, where clamping it as a register tile reads it would do so for every panel, with the units that multiply:
/// a load, two comparisons and a store for as many multiply-adds as there are output channels.
struct ActivatedRows {
  private let base: UnsafeMutableRawPointer
  private let blocks: Int
  /// Vectors, not numbers to be spread: see `clamp`.
  private let low: Vector
  private let high: Vector

  /// - Parameter base: room for what `ScratchRows.activatedTiles` says of the largest map and the longest strip.
  @inline(always)
  init(_ stage: StageCall, base: UnsafeMutableRawPointer) {
    self.base = base
    blocks = (stage.inputChannels + lanes - 1) / lanes
    low = Vector(repeating: stage.inputLow)
    high = Vector(repeating: stage.inputHigh)
  }

  /// How many of `count` register tiles are activated at a time.
  @inline(always)
  func tiles(of count: Int, tileRows: Int, stripTiles: Int) -> Int {
    ScratchRows.activatedTiles(
      of: count, tileBytes: blocks * FusedStrip.planeBytes(rows: 1, width: tileRows),
      stripTiles: stripTiles)
  }

  /// Copies `count` pixels of the job's input from `first` on, clamped, and lets the job read the copy.
  ///
  /// Not inlined, like `StrassenOperands.gather`.
  @inline(never)
  func fill(_ job: inout PointwiseJob, from first: Int, count: Int, planeBytes: Int) {
    for block in 0..<blocks {
      let source = job.input + (block * job.inputPlaneBytes + first * vectorBytes)
      let target = base + block * planeBytes
      for pixel in 0..<count { store(clamp(load(source, pixel), low, high), target, pixel) }
    }
    job.input = UnsafeRawPointer(base)
    job.inputPlaneBytes = planeBytes
  }
}

extension PointwiseJob {
  /// As `run`, of an input that is activated first: strip after strip of at most `stripTiles` row tiles (0: as many as stay in
  /// cache) is clamped and meets all panels.
  @inline(never)
  mutating func runActivated(
    _ activated: ActivatedRows, firstRow: Int, rowCount: Int, panels: Range<Int>,
    panelSplit: PanelSplit, tileRows: Int, stripTiles: Int
  ) {
    let tiles = Split(rowCount, atMost: tileRows)
    let step = activated.tiles(of: tiles.parts, tileRows: tileRows, stripTiles: stripTiles)
    let planeBytes = FusedStrip.planeBytes(rows: step, width: tileRows)
    var tile = 0
    while tile < tiles.parts {
      let end = min(tile + step, tiles.parts)
      let first = firstRow + tiles.start(tile)
      let count = tiles.start(end) - tiles.start(tile)
      var strip = self
      activated.fill(&strip, from: first, count: count, planeBytes: planeBytes)
      strip.output += first * vectorBytes
      strip.residual = residual.map { $0 + first * vectorBytes }
      strip.run(
        firstRow: 0, rowCount: count, panels: panels, panelSplit: panelSplit, tileRows: tileRows,
        stripTiles: 0)
      fetches = strip.fetches
      tile = end
    }
  }
}
