import DSCore

extension PreparedKernel {
  /// What one worker of a call reads of its input and writes of its output; it reads the same part of a residual
  /// as it writes. Never less than what it does touch, and more only where its part is no rectangle, or where
  /// nothing is gained by knowing.
  public struct Reach: Hashable, Sendable {
    public var reads: MapPart
    public var writes: MapPart
  }

  /// - Parameters:
  ///   - workers: of the call; any further worker touches nothing.
  ///   - rowParts: as in the call.
  public func reach(worker: Int, workers: Int, rowParts: Int) -> Reach {
    let all = Reach(reads: .whole(inputLayout), writes: .whole(outputLayout))
    precondition(
      workers == kernel.usableWorkers(of: workers), "\(workers) workers share \(kernel.id)")
    if worker >= workers { return Reach(reads: .nothing, writes: .nothing) }
    if workers == 1 { return all }
    switch problem.operation {
    case .pointwise where !kernel.multipliesAsWritten:
      return pairReach(worker: worker, workers: workers, rowParts: rowParts)
    case .pointwise, .dense:
      return productReach(worker: worker, workers: workers, rowParts: rowParts)
    case .depthwise, .maximumPooling, .averagePooling:
      return windowReach(worker: worker, workers: workers, rowParts: rowParts)
    case .pooled:
      let own = productReach(worker: worker, workers: workers, rowParts: 1)
      return Reach(reads: all.reads, writes: own.writes)
    case .separable, .invertedResidual, .entry, .reduction:
      return stripReach(worker: worker, workers: workers)
    case .standard where !kernel.gathersPatches:
      return stripReach(worker: worker, workers: workers)
    case .standard: return all
    case .softmax: return worker == 0 ? all : Reach(reads: .nothing, writes: .nothing)
    }
  }

  /// Register tiles of rows, and panels of vectors, as the product shares them.
  private func productReach(worker: Int, workers: Int, rowParts: Int) -> Reach {
    let panelParts = workers / rowParts
    if worker >= rowParts * panelParts { return Reach(reads: .nothing, writes: .nothing) }
    let tiles = Split(outputLayout.shape.pixelCount, atMost: values.p0)
    let tileShare = Split(tiles.parts, parts: rowParts)
    let firstTile = tileShare.start(worker % rowParts)
    let endTile = firstTile + tileShare.length(worker % rowParts)
    let rows = tiles.start(firstTile)..<tiles.start(endTile)
    let panels = PanelSplit(outputLayout.blockCount, atMost: values.p1)
    let panelShare = Split(panels.parts, parts: panelParts)
    let firstPanel = panelShare.start(worker / rowParts)
    let endPanel = firstPanel + panelShare.length(worker / rowParts)
    return Reach(
      reads: MapPart(blocks: 0..<inputLayout.blockCount, pixels: rows),
      writes: MapPart(blocks: panels.start(firstPanel)..<panels.start(endPanel), pixels: rows))
  }

  /// Pairs of pixels, as Strassen's algorithm shares them; the last of an odd number reads one pixel of the pair before.
  /// Workers that share the panels write blocks of both halves, which is no rectangle.
  private func pairReach(worker: Int, workers: Int, rowParts: Int) -> Reach {
    if worker >= rowParts * (workers / rowParts) { return Reach(reads: .nothing, writes: .nothing) }
    let pairs = PixelPairs(outputLayout.shape)
    let share = Split(pairs.count, parts: rowParts)
    let first = share.start(worker % rowParts)
    let own = first..<(first + share.length(worker % rowParts))
    if own.isEmpty { return Reach(reads: .nothing, writes: .nothing) }
    let written = pairs.pixels(own)
    let read = pairs.run(from: own.lowerBound, to: own.upperBound).pixel..<written.upperBound
    return Reach(
      reads: MapPart(blocks: 0..<inputLayout.blockCount, pixels: read),
      writes: MapPart(blocks: 0..<outputLayout.blockCount, pixels: written))
  }

  /// Rows of some channel blocks, as depthwise convolution and pooling share them.
  private func windowReach(worker: Int, workers: Int, rowParts: Int) -> Reach {
    let rows = Split(problem.output.batch * problem.output.height, parts: rowParts)
    let part = worker % rowParts
    let own = rows.start(part)..<(rows.start(part) + rows.length(part))
    let share = Split(outputLayout.blockCount * own.count, parts: workers / rowParts)
    let first = share.start(worker / rowParts)
    let end = first + share.length(worker / rowParts)
    if first == end { return Reach(reads: .nothing, writes: .nothing) }
    // A part that begins or ends within a block counts as all rows of that block.
    let blocks = (first / own.count)..<((end - 1) / own.count + 1)
    return reach(ofRows: own, reading: blocks, writing: blocks)
  }

  /// Rows of all channel blocks, as the kernels share them that work strip by strip.
  private func stripReach(worker: Int, workers: Int) -> Reach {
    let share = Split(problem.output.batch * problem.output.height, parts: workers)
    let rows = share.start(worker)..<(share.start(worker) + share.length(worker))
    return reach(
      ofRows: rows, reading: 0..<inputLayout.blockCount, writing: 0..<outputLayout.blockCount)
  }

  private func reach(
    ofRows rows: Range<Int>, reading: Range<Int>, writing: Range<Int>
  ) -> Reach {
    let (input, output) = (problem.input, problem.output)
    if rows.isEmpty { return Reach(reads: .nothing, writes: .nothing) }
    func inputRows(of row: Int) -> (image: Int, rows: Range<Int>) {
      let inImage = row % output.height
      return (row / output.height, self.inputRows(ofOutput: inImage..<(inImage + 1)))
    }
    let (top, bottom) = (inputRows(of: rows.lowerBound), inputRows(of: rows.upperBound - 1))
    let first = top.image * input.height + top.rows.lowerBound
    let end = bottom.image * input.height + bottom.rows.upperBound
    return Reach(
      reads: MapPart(blocks: reading, pixels: first * input.width..<max(first, end) * input.width),
      writes: MapPart(
        blocks: writing,
        pixels: rows.lowerBound * output.width..<rows.upperBound * output.width))
  }
}
