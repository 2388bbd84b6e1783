import DSCore

/// Depthwise convolution: workers share (channel block, row) pairs as `RowShare` cuts them.
///
/// Parameters: p0 columns of the register tile.
///
/// - Cost: 2·k²·H·W·C flops; (input + output + (k²+1)·C)·4 bytes compulsory. A residual is added to rows that are still in L1,
///   from scratch: a load and a store more for each output.
/// - Numerics and source: `DepthwiseTile`; the residual is added last.
@inline(never)
public func runDepthwise(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let stage = call.pointee.first
  let blocks = (stage.inputChannels + lanes - 1) / lanes
  let height = stage.outputHeight
  let share = RowShare(
    call, blocks: blocks, rowsOfBlock: stage.batch * height, worker: worker, workers: workers)
  let job = DepthwiseJob(stage)
  let sums = call.pointee.residual.map { DepthwiseResidual(call, job, worker, residual: $0) }
  var mostRows = height
  if let sums { mostRows = sums.rows }
  var position = share.pairs.lowerBound
  while position < share.pairs.upperBound {
    let block = share.block(position)
    let image = share.row(position) / height
    let firstRow = share.row(position) % height
    let rowCount = min(mostRows, min(height - firstRow, share.rowsLeft(from: position)))
    let imageOffset = image * stage.inputHeight * stage.inputWidth * vectorBytes
    let rowOffset = (image * height + firstRow) * stage.outputWidth * vectorBytes
    let input = call.pointee.input + (block * call.pointee.inputPlaneBytes + imageOffset)
    let rows = firstRow..<(firstRow + rowCount)
    if let sums {
      sums.run(block: block, input: input, rows: rows, rowOffset: rowOffset)
    } else {
      job.run(
        block: block, input: input,
        output: call.pointee.output + (block * call.pointee.outputPlaneBytes + rowOffset),
        rows: rows, columns: call.pointee.parameters.p0)
    }
    position += rowCount
  }
}

/// A depthwise convolution to whose outputs a residual is added, which may lie where they go.
private struct DepthwiseResidual {
  private let call: UnsafePointer<KernelCall>
  private let residual: UnsafeRawPointer
  private let scratch: UnsafeMutableRawPointer
  /// Leaves its sums as they are.
  private var job: DepthwiseJob
  private let low: Vector
  private let high: Vector
  /// Output rows at a time.
  let rows: Int

  @inline(always)
  init(
    _ call: UnsafePointer<KernelCall>, _ job: DepthwiseJob, _ worker: Int,
    residual: UnsafeRawPointer
  ) {
    self.call = call
    self.residual = residual
    self.job = job
    scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
    rows = ScratchRows.sums(of: call.pointee.first.outputHeight, rowBytes: job.outputRowBytes)
    low = job.low
    high = job.high
    self.job.low = Vector(repeating: -.infinity)
    self.job.high = Vector(repeating: .infinity)
  }

  /// - Parameter rowOffset: to the first of the rows in a plane of the output.
  @inline(never)
  func run(block: Int, input: UnsafeRawPointer, rows: Range<Int>, rowOffset: Int) {
    job.run(
      block: block, input: input, output: scratch, rows: rows,
      columns: call.pointee.parameters.p0)
    let added = residual + (block * call.pointee.residualPlaneBytes + rowOffset)
    let output = call.pointee.output + (block * call.pointee.outputPlaneBytes + rowOffset)
    for pixel in 0..<(rows.count * job.outputWidth) {
      let sum = load(UnsafeRawPointer(scratch), pixel) + load(added, pixel)
      store(clamp(sum, low, high), output, pixel)
    }
  }
}
