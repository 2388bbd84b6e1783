import DSCore

/// Depthwise convolution: workers share (channel block, row) pairs as `RowShare` cuts them.
///
/// Parameters: p0 columns of the register tile.
///
/// - Cost: 2·k²·H·W·C flops; (input + output + (k²+1)·C)·4 bytes compulsory.
/// - Numerics and source: `DepthwiseTile`.
@inline(never)
public func runDepthwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let stage = call.pointee.first
  let blocks = (stage.inputChannels + lanes - 1) / lanes
  let height = stage.outputHeight
  let share = RowShare(
    call, blocks: blocks, rowsOfBlock: stage.batch * height, worker: worker, workers: workers)
  let job = DepthwiseJob(stage)
  var position = share.pairs.lowerBound
  while position < share.pairs.upperBound {
    let block = share.block(position)
    let image = share.row(position) / height
    let firstRow = share.row(position) % height
    let rowCount = min(height - firstRow, share.rowsLeft(from: position))
    let imageOffset = image * stage.inputHeight * stage.inputWidth * vectorBytes
    let rowOffset = (image * height + firstRow) * stage.outputWidth * vectorBytes
    job.run(
      block: block,
      input: call.pointee.input + (block * call.pointee.inputPlaneBytes + imageOffset),
      output: call.pointee.output + (block * call.pointee.outputPlaneBytes + rowOffset),
      rows: firstRow..<(firstRow + rowCount), columns: call.pointee.parameters.p0)
    position += rowCount
  }
}
