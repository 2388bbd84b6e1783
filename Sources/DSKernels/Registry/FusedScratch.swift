import DSCore

/// Bytes of a strip of rows of all channel blocks, as the fused kernels lay it out.
struct FusedScratch {
  let lanes: Int

  func bytes(channels: Int, rows: Int, width: Int) -> Int {
    (channels + lanes - 1) / lanes * planeBytes(rows: rows, width: width)
  }

  /// A ring of the depthwise stage's input rows and a strip of `rows` of its output.
  func ringBytes(_ depthwise: Stage, rows: Int) -> Int {
    let ring = Self.ringRows(depthwise.window, stripRows: rows)
    let channels = depthwise.input.channels
    return bytes(channels: channels, rows: ring, width: depthwise.input.width)
      + bytes(channels: channels, rows: rows, width: depthwise.output.width)
  }

  /// Input rows under the windows of a strip.
  static func ringRows(_ window: Window, stripRows: Int) -> Int {
    (stripRows - 1) * window.stride + window.height
  }

  /// Pixels of a product's input after its activation; nothing where it has none.
  func activatedBytes(_ stage: Stage, tileRows: Int, stripTiles: Int) -> Int {
    if stage.inputActivation == .none { return 0 }
    let channels = stage.input.channels
    let tiles = ScratchRows.activatedTiles(
      of: Split(stage.input.pixelCount, atMost: tileRows).parts,
      tileBytes: bytes(channels: channels, rows: 1, width: tileRows), stripTiles: stripTiles)
    return bytes(channels: channels, rows: tiles, width: tileRows)
  }

  /// Planes a multiple of 1 KiB apart would share too few L1 sets.
  func planeBytes(rows: Int, width: Int) -> Int {
    let bytes = (rows * width * lanes * 4 + 63) / 64 * 64
    return bytes % 1024 == 0 ? bytes + 64 : bytes
  }
}
