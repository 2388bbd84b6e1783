import DSCore

/// One worker's output rows of a fused kernel, in strips that end with an image.
struct RowStrips {
  struct Strip {
    var image: Int
    /// Output rows of that image.
    var rows: Range<Int>
    /// Whether the rows before are not this worker's, or another image's.
    var begins: Bool
  }

  private let height: Int
  private let stripRows: Int
  private let start: Int
  private let end: Int
  private var position: Int

  /// - Parameter stage: the last one, whose rows the workers share.
  @inline(always)
  init(_ stage: StageCall, stripRows: Int, _ worker: Int, _ workers: Int) {
    height = stage.outputHeight
    self.stripRows = stripRows
    let share = Split(stage.batch * height, parts: workers)
    start = share.start(worker)
    end = start + share.length(worker)
    position = start
  }

  @inline(always)
  mutating func next() -> Strip? {
    if position == end { return nil }
    let row = position % height
    let rows = min(stripRows, min(height - row, end - position))
    let strip = Strip(
      image: position / height, rows: row..<(row + rows), begins: row == 0 || position == start)
    position += rows
    return strip
  }
}

/// The rows of a map that a fused kernel's window has under it: row r lies at r mod `count`.
struct RowRing {
  let count: Int
  /// The rows that the ring holds end here.
  private var end = 0

  /// - Parameter stage: the one with the window, of which so many output rows are computed at once.
  @inline(always)
  init(_ stage: StageCall, stripRows: Int) {
    count = (stripRows - 1) * stage.stride + stage.windowHeight
  }

  /// Begins anew, with nothing in the ring.
  @inline(always)
  mutating func begin() { end = 0 }

  /// What the windows of output rows `rows` need and the ring does not hold; it counts as there from now on.
  @inline(always)
  mutating func missing(for rows: Range<Int>, of stage: StageCall) -> Range<Int> {
    let first = max(0, rows.lowerBound * stage.stride - stage.paddingTop)
    let last = (rows.upperBound - 1) * stage.stride - stage.paddingTop + stage.windowHeight
    let start = max(first, end)
    end = max(start, min(stage.inputHeight, last))
    return start..<end
  }

  /// Rows from `row` on that lie one after the other, before `end`.
  @inline(always)
  func unbroken(from row: Int, to end: Int) -> Int { min(end - row, count - row % count) }
}
