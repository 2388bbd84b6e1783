import DSCore

extension WorkEstimate {
  /// From a multiply-add to the next that needs its sum.
  private static let latencyCycles = 4.0
  /// Before a row of tiles begins (or a pair of rows), once for long and once for short tiles.
  private static let rowCycles = 8.0
  /// Between two tiles, and what one of two rows takes longer beside others of another width.
  private static let gapCycles = 4.0
  private static let unevenCycles = 10.0
  /// Sums of two rows that leave enough registers for the rest, and cycles for each one more.
  private static let roomySums = 16.0
  private static let cyclesPerTightSum = 2.0

  /// Tiles of one output row, or of two where the tile set has them; see `DepthwiseTile`.
  ///
  /// Measured on Zen 5, cycles a row of a channel block: in tiles of 14 columns and of 7 with two rows 14×14 78 and 69, 28×28
  /// 149 and 156; with two rows 10×10 57 in tiles of 10 and 63 of 5, 37×37 254 in tiles of 8 and 7, 243 in tiles of 13 and 12 with one.
  ///
  /// - Parameters:
  ///   - columns: the most of a tile.
  ///   - footprint: bytes of the memory that the input lies in.
  mutating func addDepthwise(_ stage: Stage, columns: Int, footprint: Double) {
    let tiles = Split(stage.output.width, atMost: columns)
    let tileRows = hasTwoRows(stage, columns: tiles.length(0)) ? 2 : 1
    // Cut by rows, as its input mostly is: fourteen rows for two workers are three pairs and a row that is left over, for each.
    let ownRows = Split(stage.output.height, parts: min(workers, stage.output.height)).length(0)
    let ownCycles =
      Double(ownRows / tileRows) * rowCycles(stage.window, tiles, tileRows: tileRows)
      + Double(ownRows % tileRows) * rowCycles(stage.window, tiles, tileRows: 1)
    let blocks = (Double(stage.input.channels) / rates.lanes).rounded(.up)
    let rows = blocks * Double(stage.output.height * stage.output.batch) / Double(workers)
    cycles += rows * ownCycles / Double(ownRows)
    addFlow(bytes(stage.input), footprint: footprint)
  }

  /// Of all tiles beside each other.
  private func rowCycles(_ window: Window, _ tiles: Split, tileRows: Int) -> Double {
    let width = Double(tiles.short) + Double(tiles.longCount) / Double(tiles.parts)
    let isEven = tiles.longCount == 0
    let tile =
      tileRows == 2
      ? twoRowTileCycles(window, width: width) + (isEven ? 0 : Self.unevenCycles)
      : tileCycles(window, width: width)
    return Double(tiles.parts) * (tile + Self.gapCycles) + (isEven ? 1 : 2) * Self.rowCycles
  }

  private func hasTwoRows(_ stage: Stage, columns: Int) -> Bool {
    stage.window.width == 3 && stage.window.stride == 1 && stage.inputActivation == .none
      && columns <= rates.twoRowColumns
  }

  /// Its multiply-adds or loads, or the latency of each sum's, and clamping and storing the sums.
  private func tileCycles(_ window: Window, width: Double) -> Double {
    let taps = Double(window.width)
    let loads = (width - 1) * Double(window.stride) + 2 * taps
    let row = rates.step(multiplyAddCount: width * taps, loadCount: loads)
    return Double(window.height) * max(row, taps * Self.latencyCycles) + width
  }

  /// The first and the last input row meet one output row, whose sums alone may not hide the latency; the others meet both.
  private func twoRowTileCycles(_ window: Window, width: Double) -> Double {
    let taps = Double(window.width)
    let edge = taps * max(width / rates.multiplyAdds, Self.latencyCycles)
    let middle = taps * max(2 * width / rates.multiplyAdds, Self.latencyCycles)
    let tight = Self.cyclesPerTightSum * max(0, 2 * width - Self.roomySums)
    let rows = Double(window.height + 1)
    let loads = rows * (width - 1 + taps) + 2 * Double(window.tapCount)
    return 2 * edge + Double(window.height - 1) * middle + 2 * width + tight
      + rates.contention * loads / rates.loads
  }
}
