import CSystem
import DSCore

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

  @inline(always)
  func pool<Rule: PoolingRule>(_ rule: Rule.Type) {
    if stage.windowWidth == 3 && stage.stride == 2 {
      pool(rule, by: KnownWindows<3, 2>.self)
    } else {
      pool(rule, by: AnyWindows.self)
    }
  }

  /// Windows that hang over the left or right edge go one by one, those inside four by four.
  @inline(never)
  private func pool<Rule: PoolingRule, Windows: FourWindows>(
    _ rule: Rule.Type, by windows: Windows.Type
  ) {
    let inside = insideColumns
    var x = 0
    while x < stage.outputWidth {
      if inside.lowerBound <= x && x + 4 <= inside.upperBound {
        poolFour(rule, windows, x)
        x += 4
      } else {
        poolOne(rule, x)
        x += 1
      }
    }
  }

  @inline(always)
  private func poolFour<Rule: PoolingRule, Windows: FourWindows>(
    _ rule: Rule.Type, _ windows: Windows.Type, _ x: Int
  ) {
    let first = x * stage.stride - stage.paddingLeft
    fetchNextRows(first)
    var pooled = InlineArray<4, Vector> { _ in Vector(repeating: Rule.start) }
    var seen = InlineArray<4, Vector> { _ in Vector(repeating: 0) }
    var slot = firstSlot
    for _ in rows {
      let row = input + (slot * stage.inputWidth + first) * vectorBytes
      windows.accumulate(rule, &pooled, &seen, row, stage, inputActivation)
      slot = slot + 1 == ringRows ? 0 : slot + 1
    }
    if Rule.needsOrder && _slowPath(!isFinite(seen[0] + seen[1] + (seen[2] + seen[3]))) {
      for t in 0..<4 { poolOne(rule, x + t) }
      return
    }
    for t in 0..<4 { finish(rule, pooled[t], x + t, rows.count * stage.windowWidth) }
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

  /// Whether no value is NaN or infinite. `sum()` of a vector is a function that every instruction set would define.
  @inline(always)
  private func isFinite(_ vector: Vector) -> Bool {
    let zeros = vector - vector
    var bits: UInt32 = 0
    for lane in 0..<lanes { bits |= zeros[lane].bitPattern }
    return bits == 0
  }

  @inline(never)
  private func poolOne<Rule: PoolingRule>(_ rule: Rule.Type, _ x: Int) {
    let firstColumn = x * stage.stride - stage.paddingLeft
    let first = max(0, firstColumn)
    let end = max(first, min(stage.inputWidth, firstColumn + stage.windowWidth))
    var pooled = Vector(repeating: Rule.start)
    var rowsBefore = pooled
    let unclamped = Bounds(
      low: Vector(repeating: -.infinity), high: Vector(repeating: .infinity))
    var slot = firstSlot
    for _ in rows {
      for column in first..<end {
        let value = load(input, slot * stage.inputWidth + column)
        Rule.accumulate(&pooled, value, inputActivation)
      }
      if stage.addsByRow {
        Rule.accumulate(&rowsBefore, pooled, unclamped)
        pooled = Vector(repeating: Rule.start)
      }
      slot = slot + 1 == ringRows ? 0 : slot + 1
    }
    if stage.addsByRow { pooled = rowsBefore }
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
