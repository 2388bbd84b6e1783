import DSCore

/// Maximum pooling, with the residual added to the maximum: out = clamp(max(window) + residual).
///
/// - Numerics: exact but for the residual's one addition. NaN in a window may be passed over.
/// - Cost: KH·KW comparisons an output, every input read KH·KW / stride² times from L1.
@inline(never)
public func runMaximumPooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  pool(call, worker, workers, start: -.infinity) { pooled, input in
    pooled = pooled.replacing(with: input, where: input .> pooled)
  } finish: { pooled, _ in
    pooled
  }
}

/// Average pooling over the pixels inside the image.
///
/// - Numerics: a sum in row order and one division: |error| ≤ γ_{KH·KW+1} · Σ |input| / KH·KW.
@inline(never)
public func runAveragePooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  pool(call, worker, workers, start: 0) { pooled, input in
    pooled += input
  } finish: { pooled, count in
    pooled / Vector(repeating: Float(count))
  }
}

/// Workers share (channel block, row) pairs, as in depthwise convolution.
@inline(always)
private func pool(
  _ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int, start: Float,
  accumulate: (inout Vector, Vector) -> Void, finish: (Vector, Int) -> Vector
) {
  let stage = call.pointee.first
  let low = Vector(repeating: stage.low)
  let high = Vector(repeating: stage.high)
  let inputLow = Vector(repeating: stage.inputLow)
  let inputHigh = Vector(repeating: stage.inputHigh)
  let blocks = (stage.inputChannels + lanes - 1) / lanes
  let rowsOfBlock = stage.batch * stage.outputHeight
  let share = Split(blocks * rowsOfBlock, parts: workers)
  for index in share.start(worker)..<(share.start(worker) + share.length(worker)) {
    let block = index / rowsOfBlock
    let row = index % rowsOfBlock
    let image = row / stage.outputHeight
    let firstRow = row % stage.outputHeight * stage.stride - stage.paddingTop
    let plane = call.pointee.input + block * call.pointee.inputPlaneBytes
    let rowOffset = row * stage.outputWidth * vectorBytes
    let output = call.pointee.output + (block * call.pointee.outputPlaneBytes + rowOffset)
    let residual = call.pointee.residual.map {
      $0 + (block * call.pointee.residualPlaneBytes + rowOffset)
    }
    let rows = max(0, firstRow)..<min(stage.inputHeight, firstRow + stage.windowHeight)
    for x in 0..<stage.outputWidth {
      let firstColumn = x * stage.stride - stage.paddingLeft
      let columns = max(0, firstColumn)..<min(stage.inputWidth, firstColumn + stage.windowWidth)
      var pooled = Vector(repeating: start)
      for y in rows {
        let inputRow = plane + (image * stage.inputHeight + y) * stage.inputWidth * vectorBytes
        for column in columns {
          accumulate(&pooled, clamp(load(inputRow, column), inputLow, inputHigh))
        }
      }
      pooled = finish(pooled, rows.count * columns.count)
      if let residual { pooled += load(residual, x) }
      store(clamp(pooled, low, high), output, x)
    }
  }
}
