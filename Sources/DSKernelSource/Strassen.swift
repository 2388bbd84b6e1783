import DSCore

/// Pointwise convolution by Strassen's algorithm, one level deep: of every two pixels, two halves of the input channels and two
/// halves of the output channels, seven products where the formula has eight.
///
/// With a the pixels' channels and w the weights, first index the row and second the column of the halves:
///
///     m1 = (a11 + a22) (w11 + w22)   m2 = (a21 + a22) w11   m3 = a11 (w12 − w22)   m4 = a22 (w21 − w11)
///     m5 = (a11 + a12) w22   m6 = (a21 − a11) (w11 + w12)   m7 = (a12 − a22) (w21 + w22)
///     out11 = m1 + m4 − m5 + m7   out12 = m3 + m5   out21 = m2 + m4   out22 = m1 − m2 + m3 + m6
///
/// each with bias and residual, clamped. The weights' sums are made when they are packed.
///
/// Parameters: p0 pairs of pixels and p1 vectors of the register tile, p2 row tiles that walk over the panels
/// together, p3 how many parts the pairs are cut in (the panels are cut in workers / p3).
///
/// - Cost: 7/8 of 2·M·K·N flops, 5 additions for each four inputs and 12 for each four outputs; 7/4 of the weights' bytes; scratch of
///   7·(K / 2 + p1 vectors) values for each pair of a strip. 19×19×728→728 takes 0.92 of the time of `runPointwise` on Zen 5
///   (gathering 2 %, adding up 1.6 % of it), 28×28×256→256 0.99, 56×56×128→128 1.06.
/// - Numerics: |error| ≤ γ_{K/2+9} · (|bias| + |residual| + Σ over the products in the output of Σ_k of its operands' magnitudes,
///   summed before they are multiplied); `StrassenBound`. An output depends on the other pixel of its pair, in its
///   roundings: which pixels make a pair is fixed, so the bits do not depend on tiles or workers; but they are not those of
///   the other kernels. What is infinite or no number spreads to the other pixel.
/// - Source: Strassen, "Gaussian Elimination is not Optimal", Numerische Mathematik 13, 1969, doi:10.1007/BF02165411; one level on
///   a tiled product as in Huang, Smith, Henry and van de Geijn, "Strassen's Algorithm Reloaded", SC16,
///   doi:10.1109/SC.2016.58.
@inline(never)
public func runStrassen(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ workers: Int) {
  let parameters = call.pointee.parameters
  let rowParts = min(max(1, parameters.p3), workers)
  let panelParts = workers / rowParts
  if worker >= rowParts * panelParts { return }
  let stage = call.pointee.first
  let pairs = PixelPairs(
    images: stage.batch, pixelsPerImage: stage.outputHeight * stage.outputWidth)
  let share = Split(pairs.count, parts: rowParts)
  let rowPart = worker % rowParts
  let tiles = Split(share.length(rowPart), atMost: parameters.p0)
  if tiles.parts == 0 { return }
  let strips = Split(tiles.parts, atMost: parameters.p2)
  var job = StrassenJob(call, worker, pairs, mostPairs: strips.length(0) * parameters.p0)
  job.take(panelPart: worker / rowParts, of: panelParts)
  for strip in 0..<strips.parts {
    let first = share.start(rowPart) + tiles.start(strips.start(strip))
    let end = share.start(rowPart) + tiles.start(strips.start(strip + 1))
    job.run(first..<end, isLast: strip == strips.parts - 1)
  }
}

/// One worker's strips of pairs, each with all panels.
private struct StrassenJob {
  private let call: UnsafePointer<KernelCall>
  private let worker: Int
  private let pairs: PixelPairs
  private let panels: StrassenPanels
  private let operands: StrassenOperands
  private let sums: StrassenSums
  /// One of the seven products with one panel.
  private var product: PointwiseJob
  /// Output channels that belong to no half.
  private var rest: PointwiseJob
  private var ownPanels: Range<Int>

  /// - Parameter mostPairs: of the longest strip.
  @inline(always)
  init(_ call: UnsafePointer<KernelCall>, _ worker: Int, _ pairs: PixelPairs, mostPairs: Int) {
    let stage = call.pointee.first
    let scratch = call.pointee.scratch + worker * call.pointee.scratchBytesPerWorker
    self.call = call
    self.worker = worker
    self.pairs = pairs
    panels = StrassenPanels(stage, vectors: call.pointee.parameters.p1)
    ownPanels = 0..<panels.split.parts
    operands = StrassenOperands(call, pairs, panels.halves, mostPairs: mostPairs, base: scratch)
    sums = StrassenSums(
      call, pairs, panels.halves, planeBytes: operands.planeBytes,
      products: scratch + operands.byteCount)
    product = PointwiseJob(stage, input: scratch, inputPlaneBytes: operands.planeBytes)
    product.halfVectors = 0
    product.outputPlaneBytes = operands.planeBytes
    product.low = Vector(repeating: -.infinity)
    product.high = Vector(repeating: .infinity)
    rest = PointwiseJob(
      stage, input: call.pointee.input, inputPlaneBytes: call.pointee.inputPlaneBytes)
    rest.writesOutput(of: call, fromRow: 0)
    let done = 2 * panels.halves.vectors
    rest.weights += panels.byteCount
    rest.output += done * rest.outputPlaneBytes
    rest.residual = rest.residual.map { $0 + done * rest.residualPlaneBytes }
    rest.outputVectors = panels.halves.restVectors
  }

  /// Does some of the panels alone; the last part, which is never longer, does the channels of no half too.
  @inline(always)
  mutating func take(panelPart: Int, of parts: Int) {
    let share = Split(panels.split.parts, parts: parts)
    let first = share.start(panelPart)
    ownPanels = first..<(first + share.length(panelPart))
    if panelPart < parts - 1 { rest.outputVectors = 0 }
  }

  @inline(always)
  mutating func run(_ own: Range<Int>, isLast: Bool) {
    operands.gather(own)
    for panel in ownPanels {
      for index in 0..<ProductHalves.productCount {
        multiply(index, panel, pairCount: own.count, isLastStrip: isLast)
      }
      for vector in 0..<panels.split.length(panel) {
        sums.add(
          own, vector: vector, block: panels.split.start(panel) + vector,
          biases: panels.biases(panel, vector: vector))
      }
    }
    let parameters = call.pointee.parameters
    let pixels = pairs.pixels(own)
    let split = PanelSplit(rest.outputVectors, atMost: parameters.p1)
    rest.run(
      firstRow: pixels.lowerBound, rowCount: pixels.count, panels: 0..<split.parts,
      panelSplit: split, tileRows: parameters.p0, stripTiles: 0)
  }

  @inline(always)
  private mutating func multiply(
    _ index: Int, _ panel: Int, pairCount: Int, isLastStrip: Bool
  ) {
    let parameters = call.pointee.parameters
    let vectors = panels.split.length(panel)
    let tiles = Split(pairCount, atMost: parameters.p0).parts
    product.depth = panels.halves.depth(ofProduct: index)
    product.tapDepth = product.depth
    product.input = UnsafeRawPointer(operands.matrix(index))
    product.weights = panels.weights(panel, index)
    product.output = sums.product(index)
    if let next = panels.next(after: index, panel, of: ownPanels, wraps: !isLastStrip) {
      product.fetchFollowing(next, 0, tiles: tiles)
    } else if let following = call.pointee.following {
      product.fetchFollowing(following, worker, tiles: tiles)
    }
    product.run(
      firstRow: 0, rowCount: pairCount, panels: 0..<1,
      panelSplit: PanelSplit(vectors, atMost: vectors), tileRows: parameters.p0, stripTiles: 0)
  }
}
