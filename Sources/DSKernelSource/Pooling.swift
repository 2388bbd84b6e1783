import CSystem
import DSCore

/// Maximum pooling, with the residual added to the maximum: out = clamp(max(window) + residual).
///
/// - Numerics: exact but for the residual's one addition. NaN in a window may be passed over.
/// - Cost: KH·KW comparisons an output, every input read KH·KW / stride² times from L1; of 3×3 windows with stride 2, 27 loads for
///   four outputs and not 36.
@inline(never)
public func runMaximumPooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  pool(call, worker, workers, MaximumRule.self)
}

/// Average pooling over the pixels inside the image.
///
/// - Numerics: a sum in row order and one division: |error| ≤ γ_{KH·KW+1} · Σ |input| / KH·KW.
@inline(never)
public func runAveragePooling(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  pool(call, worker, workers, AverageRule.self)
}

/// What becomes of the values of a window. A type and not closures: those were called for every value.
protocol PoolingRule {
  static var start: Float { get }
  static func accumulate(_ pooled: inout Vector, _ input: Vector, _ activation: Bounds)
  static func finish(_ pooled: Vector, _ count: Int, _ activation: Bounds) -> Vector
}

/// Of the activation before pooling. Vectors, not numbers to be spread: see `clamp`.
struct Bounds {
  let low: Vector
  let high: Vector
}

/// The greatest of clamped values is the greatest value, clamped: once and not nine times.
enum MaximumRule: PoolingRule {
  @inline(always) static var start: Float { -.infinity }
  @inline(always) static func accumulate(
    _ pooled: inout Vector, _ input: Vector, _ activation: Bounds
  ) {
    pooled = pooled.replacing(with: input, where: input .> pooled)
  }
  @inline(always) static func finish(_ pooled: Vector, _ count: Int, _ activation: Bounds)
    -> Vector
  { clamp(pooled, activation.low, activation.high) }
}

enum AverageRule: PoolingRule {
  @inline(always) static var start: Float { 0 }
  @inline(always) static func accumulate(
    _ pooled: inout Vector, _ input: Vector, _ activation: Bounds
  ) {
    pooled += clamp(input, activation.low, activation.high)
  }
  @inline(always) static func finish(_ pooled: Vector, _ count: Int, _ activation: Bounds)
    -> Vector
  { pooled / Vector(repeating: Float(count)) }
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

/// One output row of one channel block.
struct PoolingRow {
  let stage: StageCall
  let input: UnsafeRawPointer
  let output: UnsafeMutableRawPointer
  let residual: UnsafeRawPointer?
  let rows: Range<Int>
  /// Rows that `input` holds: row r lies at r mod `ringRows`.
  let ringRows: Int
  /// Where the first of `rows` lies.
  private let firstSlot: Int
  let inputActivation: Bounds
  /// Vectors, not numbers to be spread: see `clamp`.
  let low: Vector
  let high: Vector

  /// - Parameters:
  ///   - row: of the output, counted over all images.
  ///   - input: the block's plane of that image, or the ring that its rows roll through.
  @inline(always)
  init(
    _ call: UnsafePointer<KernelCall>, _ stage: StageCall, block: Int, row: Int,
    input: UnsafeRawPointer, ringRows: Int
  ) {
    self.stage = stage
    self.input = input
    self.ringRows = ringRows
    let firstRow = row % stage.outputHeight * stage.stride - stage.paddingTop
    let rowBytes = row * stage.outputWidth * vectorBytes
    output = call.pointee.output + (block * call.pointee.outputPlaneBytes + rowBytes)
    residual = call.pointee.residual.map {
      $0 + (block * call.pointee.residualPlaneBytes + rowBytes)
    }
    let first = max(0, firstRow)
    rows = first..<max(first, min(stage.inputHeight, firstRow + stage.windowHeight))
    firstSlot = first % ringRows
    inputActivation = Bounds(
      low: Vector(repeating: stage.inputLow), high: Vector(repeating: stage.inputHigh))
    low = Vector(repeating: stage.low)
    high = Vector(repeating: stage.high)
  }

  /// The outputs whose windows lie inside the input from left to right.
  @inline(always)
  var insideColumns: Range<Int> {
    let first = (stage.paddingLeft + stage.stride - 1) / stage.stride
    let last = stage.inputWidth - stage.windowWidth + stage.paddingLeft
    let end = last < 0 ? first : min(stage.outputWidth, last / stage.stride + 1)
    return first..<max(first, end)
  }

  /// Windows that hang over the left or right edge go one by one, those inside four by four.
  @inline(never)
  func pool<Rule: PoolingRule>(_ rule: Rule.Type) {
    let inside = insideColumns
    var x = 0
    while x < stage.outputWidth {
      if inside.lowerBound <= x && x + 4 <= inside.upperBound {
        if stage.windowWidth == 3 && stage.stride == 2 {
          poolTile(rule, x, PoolingTile<3, 2, 4>.self)
        } else {
          poolFour(rule, x)
        }
        x += 4
      } else {
        poolOne(rule, x)
        x += 1
      }
    }
  }

  @inline(always)
  private func poolFour<Rule: PoolingRule>(_ rule: Rule.Type, _ x: Int) {
    let first = x * stage.stride - stage.paddingLeft
    let step = stage.stride * vectorBytes
    fetchNextRows(first)
    var pooled = InlineArray<4, Vector> { _ in Vector(repeating: Rule.start) }
    var slot = firstSlot
    for _ in rows {
      var address = input + (slot * stage.inputWidth + first) * vectorBytes
      for _ in 0..<stage.windowWidth {
        for t in 0..<4 {
          Rule.accumulate(&pooled[t], load(address + t * step, 0), inputActivation)
        }
        address += vectorBytes
      }
      slot = slot + 1 == ringRows ? 0 : slot + 1
    }
    for t in 0..<4 { finish(rule, pooled[t], x + t, rows.count * stage.windowWidth) }
  }

  /// Windows of a size and stride that are known, which load each input of a row once: 37×37×64 6.8 → 4.8 µs (Zen 5).
  @inline(always)
  private func poolTile<Rule: PoolingRule, let W: Int, let S: Int, let T: Int>(
    _ rule: Rule.Type, _ x: Int, _ tile: PoolingTile<W, S, T>.Type
  ) {
    let first = x * S - stage.paddingLeft
    fetchNextRows(first)
    var pooled = InlineArray<T, Vector> { _ in Vector(repeating: Rule.start) }
    var slot = firstSlot
    for _ in rows {
      let row = input + (slot * stage.inputWidth + first) * vectorBytes
      tile.accumulate(rule, &pooled, row, inputActivation)
      slot = slot + 1 == ringRows ? 0 : slot + 1
    }
    for t in 0..<T { finish(rule, pooled[t], x + t, rows.count * W) }
  }

  /// What four windows from `column` on need in the next output row and not in this one.
  @inline(always)
  private func fetchNextRows(_ column: Int) {
    if ringRows != stage.inputHeight || rows.upperBound == stage.inputHeight { return }
    for row in rows.upperBound..<(rows.upperBound + stage.stride) {
      let pixels = input + (row * stage.inputWidth + column) * vectorBytes
      for pixel in 0..<(4 * stage.stride) { cs_fetch(pixels + pixel * vectorBytes) }
    }
  }

  @inline(always)
  private func poolOne<Rule: PoolingRule>(_ rule: Rule.Type, _ x: Int) {
    let firstColumn = x * stage.stride - stage.paddingLeft
    let first = max(0, firstColumn)
    let end = max(first, min(stage.inputWidth, firstColumn + stage.windowWidth))
    var pooled = Vector(repeating: Rule.start)
    var slot = firstSlot
    for _ in rows {
      for column in first..<end {
        let value = load(input, slot * stage.inputWidth + column)
        Rule.accumulate(&pooled, value, inputActivation)
      }
      slot = slot + 1 == ringRows ? 0 : slot + 1
    }
    finish(rule, pooled, x, rows.count * (end - first))
  }

  @inline(always)
  private func finish<Rule: PoolingRule>(
    _ rule: Rule.Type, _ pooled: Vector, _ x: Int, _ count: Int
  ) {
    var value = Rule.finish(pooled, count, inputActivation)
    if let residual { value += load(residual, x) }
    store(clamp(value, low, high), output, x)
  }
}

/// One row of T windows beside each other, W inputs wide.
enum PoolingTile<let W: Int, let S: Int, let T: Int> {
  @inline(always)
  static func accumulate<Rule: PoolingRule>(
    _ rule: Rule.Type, _ pooled: inout InlineArray<T, Vector>, _ row: UnsafeRawPointer,
    _ activation: Bounds
  ) {
    for c in 0..<((T - 1) * S + W) {
      let input = load(row, c)
      for j in 0..<W where c >= j && (c - j) % S == 0 && (c - j) / S < T {
        Rule.accumulate(&pooled[(c - j) / S], input, activation)
      }
    }
  }
}
