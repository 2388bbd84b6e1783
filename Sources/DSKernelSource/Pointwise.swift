import CSystem
import DSCore

/// Pointwise convolution (and dense layers): every worker multiplies its part of a Tm × Tn grid.
///
/// Parameters: p0 rows and p1 vectors of the register tile, p2 row tiles that walk over the panels
/// together (0: all), p3 how many parts the rows are cut in (Tm; the panels are cut in workers / Tm).
///
/// - Cost: 2·M·K·N flops; (M·K + K·N + M·N)·4 bytes compulsory.
/// - Numerics and source: `RegisterTile`.
@inline(never)
public func runPointwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let stage = call.pointee.first
  let parameters = call.pointee.parameters
  let rows = stage.batch * stage.outputHeight * stage.outputWidth
  var job = PointwiseJob(
    stage, input: call.pointee.input, inputPlaneBytes: call.pointee.inputPlaneBytes)
  job.writesOutput(of: call, fromRow: 0)

  let panelSplit = PanelSplit(job.outputVectors, atMost: parameters.p1)
  let rowParts = min(max(1, parameters.p3), workers)
  let panelParts = workers / rowParts
  if worker >= rowParts * panelParts { return }

  // Cuts fall between register tiles, so that no worker gets a tile of a few rows.
  let tiles = Split(rows, atMost: parameters.p0)
  let tileShare = Split(tiles.parts, parts: rowParts)
  let rowPart = worker % rowParts
  let firstTile = tileShare.start(rowPart)

  let panelShare = Split(panelSplit.parts, parts: panelParts)
  let firstPanel = panelShare.start(worker / rowParts)
  let endPanel = firstPanel + panelShare.length(worker / rowParts)
  if let following = call.pointee.following {
    job.fetchFollowing(
      following, worker, tiles: tileShare.length(rowPart) * (endPanel - firstPanel))
  }
  if stage.activatesInput {
    // In one piece: whoever helps would clamp into the same scratch.
    if let nextPiece = call.pointee.nextPiece, cs_take_piece(nextPiece) > 0 { return }
    let scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
    let firstRow = tiles.start(firstTile)
    job.runActivated(
      ActivatedRows(stage, base: scratch), firstRow: firstRow,
      rowCount: tiles.start(firstTile + tileShare.length(rowPart)) - firstRow,
      panels: firstPanel..<endPanel, panelSplit: panelSplit, tileRows: parameters.p0,
      stripTiles: parameters.p2)
    return
  }
  let pieces = ProductPieces(
    tiles: firstTile..<(firstTile + tileShare.length(rowPart)), panels: firstPanel..<endPanel,
    stripTiles: parameters.p2, isWhole: call.pointee.nextPiece == nil)
  var index = call.pointee.nextPiece.map { Int(cs_take_piece($0)) } ?? 0
  while index < pieces.count {
    let piece = pieces[index]
    let firstRow = tiles.start(piece.tiles.lowerBound)
    job.run(
      firstRow: firstRow, rowCount: tiles.start(piece.tiles.upperBound) - firstRow,
      panels: piece.panels, fetchesUpTo: piece.fetchEnd, panelSplit: panelSplit,
      tileRows: parameters.p0, stripTiles: parameters.p2)
    index = call.pointee.nextPiece.map { Int(cs_take_piece($0)) } ?? index + 1
  }
}
