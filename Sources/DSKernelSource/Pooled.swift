import DSCore

/// Pointwise → average pooling of the whole map: every worker multiplies all pixels with its panels and averages what it
/// has computed, which is still in its cache. No other worker is waited for in between.
///
/// Parameters: p0 rows and p1 vectors of the register tile, p2 row tiles that walk over the panels together (0: all).
///
/// - Cost: 2·M·K·N flops of the product and M·N additions; the map costs M·N·4 bytes of scratch in all.
/// - Numerics: the same operations in the same order as the two stages alone: the same bits.
/// - Source: Lin, Chen and Yan, "Network In Network", ICLR 2014, arXiv:1312.4400 (global average pooling); fused here as
///   an epilogue of the product.
@inline(never)
public func runPooled(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let product = call.pointee.first
  let pooling = call.pointee.second
  let parameters = call.pointee.parameters
  let pixels = product.outputHeight * product.outputWidth
  var job = PointwiseJob(
    product, input: call.pointee.input, inputPlaneBytes: call.pointee.inputPlaneBytes)
  let panels = PanelSplit(job.outputVectors, atMost: parameters.p1)
  let share = Split(panels.parts, parts: workers)
  let own = share.start(worker)..<(share.start(worker) + share.length(worker))
  let blocks = panels.start(own.lowerBound)..<panels.start(own.upperBound)
  if blocks.isEmpty { return }
  let map = FusedStrip(
    channels: blocks.count * lanes, rows: product.batch * product.outputHeight,
    width: product.outputWidth,
    base: call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker)
  // Panels count from the layer's first block, the map from the worker's.
  job.output = map.base - blocks.lowerBound * map.planeBytes
  job.outputPlaneBytes = map.planeBytes
  if let following = call.pointee.following {
    let tiles = Split(product.batch * pixels, atMost: parameters.p0).parts
    job.fetchFollowing(following, worker, tiles: tiles * own.count)
  }
  if product.activatesInput {
    job.runActivated(
      ActivatedRows(product, base: map.base + map.byteCount), firstRow: 0,
      rowCount: product.batch * pixels, panels: own, panelSplit: panels, tileRows: parameters.p0,
      stripTiles: parameters.p2)
  } else {
    job.run(
      firstRow: 0, rowCount: product.batch * pixels, panels: own, panelSplit: panels,
      tileRows: parameters.p0, stripTiles: parameters.p2)
  }
  for block in blocks {
    let plane = UnsafeRawPointer(map.base + (block - blocks.lowerBound) * map.planeBytes)
    for image in 0..<product.batch {
      PoolingRow(
        call, pooling, block: block, row: image, input: plane + image * pixels * vectorBytes,
        ringRows: pooling.inputHeight
      ).pool(AverageRule.self)
    }
  }
}
