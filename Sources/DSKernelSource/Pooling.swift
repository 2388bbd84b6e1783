import DSCore

/// Maximum pooling, with the residual added to the maximum: out = clamp(max(window) + residual).
///
/// - Numerics: exact but for the residual's one addition. The maximum of a window with NaN in it is NaN.
/// - Cost: KH·KW comparisons an output, every input read KH·KW / stride² times from L1; of 3×3 windows with stride 2, 27 loads for
///   four outputs and not 36.
@inline(never)
public func runMaximumPooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  pool(call, worker, workers, MaximumRule.self)
}

/// Average pooling over the pixels inside the image.
///
/// - Numerics: a sum in row order and one division: |error| ≤ γ_{KH·KW+1} · Σ |input| / KH·KW. Of windows of more pixels than
///   slide (`Stage.addsByRow`) each row's sum, then the sum of those: γ_{KH+KW+1}.
@inline(never)
public func runAveragePooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  pool(call, worker, workers, AverageRule.self)
}

/// Workers share (channel block, row) pairs, as in depthwise convolution.
@inline(always)
private func pool<Rule: PoolingRule>(
  _ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int, _ rule: Rule.Type
) {
  let stage = call.pointee.first
  let blocks = (stage.inputChannels + lanes - 1) / lanes
  let rowsOfBlock = stage.batch * stage.outputHeight
  let share = RowShare(
    call, blocks: blocks, rowsOfBlock: rowsOfBlock, worker: worker, workers: workers)
  for pair in share.pairs {
    let image = share.row(pair) / stage.outputHeight
    let imageBytes = image * stage.inputHeight * stage.inputWidth * vectorBytes
    let block = share.block(pair)
    PoolingRow(
      call, stage, block: block, row: share.row(pair),
      input: call.pointee.input + (block * call.pointee.inputPlaneBytes + imageBytes),
      ringRows: stage.inputHeight
    ).pool(rule)
  }
}
