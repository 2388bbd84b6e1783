import DSCore

/// One output pixel of a sliding window and which taps lie inside its image.
struct WindowPosition {
  let stage: StageCall
  let image: Int
  let firstRow: Int
  let firstColumn: Int
  let rows: Range<Int>
  let columns: Range<Int>

  /// - Parameter pixel: counted over rows and images.
  @inline(__always)
  init(_ stage: StageCall, pixel: Int) {
    self.stage = stage
    let line = pixel / stage.outputWidth
    image = line / stage.outputHeight
    firstRow = line % stage.outputHeight * stage.stride - stage.paddingTop
    firstColumn = pixel % stage.outputWidth * stage.stride - stage.paddingLeft
    rows = Self.inside(firstRow, stage.windowHeight, stage.inputHeight)
    columns = Self.inside(firstColumn, stage.windowWidth, stage.inputWidth)
  }

  @inline(__always)
  private static func inside(_ first: Int, _ window: Int, _ extent: Int) -> Range<Int> {
    let start = min(window, max(0, -first))
    return start..<max(start, min(window, extent - first))
  }

  /// The input pixel under tap (`i`, `j`).
  @inline(__always)
  func inputPixel(_ i: Int, _ j: Int) -> Int {
    (image * stage.inputHeight + firstRow + i) * stage.inputWidth + firstColumn + j
  }
}

extension StageCall {
  var outputPixels: Int { batch * outputHeight * outputWidth }
  var tapCount: Int { windowHeight * windowWidth }
  /// Bias and kernel of weights packed as `Packing.plain`.
  var plainBias: UnsafePointer<Float> { weights.assumingMemoryBound(to: Float.self) }
  var plainKernel: UnsafePointer<Float> { plainBias + outputChannels }
}
