import DSCore

extension StageCall {
  /// Whether the input goes through an activation of its own.
  @inline(always)
  var activatesInput: Bool { inputLow > -.infinity || inputHigh < .infinity }
}

/// Scratch for some pixels of a product's input after its activation: as many as it has room for.
///
/// Each value is clamped once, where clamping it as a register tile reads it would do so for every panel, with the units that multiply:
/// a load, two comparisons and a store for as many multiply-adds as there are output channels.
struct ActivatedRows {
  private let base: UnsafeMutableRawPointer
  private let planeBytes: Int
  private let blocks: Int
  /// Vectors, not numbers to be spread: see `clamp`.
  private let low: Vector
  private let high: Vector

  /// - Parameter byteCount: a whole number of planes of a multiple of 64 bytes, perhaps less than 64 bytes more.
  @inline(always)
  init(_ stage: StageCall, base: UnsafeMutableRawPointer, byteCount: Int) {
    self.base = base
    blocks = (stage.inputChannels + lanes - 1) / lanes
    planeBytes = byteCount / blocks / 64 * 64
    low = Vector(repeating: stage.inputLow)
    high = Vector(repeating: stage.inputHigh)
  }

  /// How many pixels there is room for.
  @inline(always)
  var capacity: Int { planeBytes / vectorBytes }

  /// Copies `count` pixels of the job's input from `first` on, clamped, and lets the job read the copy.
  ///
  /// Not inlined, like `StrassenOperands.gather`.
  @inline(never)
  func fill(_ job: inout PointwiseJob, from first: Int, count: Int) {
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
  /// As `run`, of an input that is activated first: strip after strip of at most `stripTiles` row tiles (0: as many as there is
  /// room for) is clamped and meets all panels.
  @inline(never)
  mutating func runActivated(
    _ activated: ActivatedRows, firstRow: Int, rowCount: Int, panels: Range<Int>,
    panelSplit: PanelSplit, tileRows: Int, stripTiles: Int
  ) {
    let tiles = Split(rowCount, atMost: tileRows)
    let room = max(1, activated.capacity / tileRows)
    let step = stripTiles == 0 ? room : min(stripTiles, room)
    var tile = 0
    while tile < tiles.parts {
      let end = min(tile + step, tiles.parts)
      let first = firstRow + tiles.start(tile)
      let count = tiles.start(end) - tiles.start(tile)
      var strip = self
      activated.fill(&strip, from: first, count: count)
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
