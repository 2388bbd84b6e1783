import DSCore

/// The seven left operands of Strassen's algorithm for a strip of pairs: each a matrix of channel blocks.
struct StrassenOperands {
  let planeBytes: Int
  private let call: UnsafePointer<KernelCall>
  private let pairs: PixelPairs
  private let halves: ProductHalves
  private let base: UnsafeMutableRawPointer

  @inline(always)
  init(
    _ call: UnsafePointer<KernelCall>, _ pairs: PixelPairs, _ halves: ProductHalves,
    mostPairs: Int, base: UnsafeMutableRawPointer
  ) {
    self.call = call
    self.pairs = pairs
    self.halves = halves
    self.base = base
    planeBytes = FusedStrip.planeBytes(rows: 1, width: mostPairs)
  }

  @inline(always)
  var byteCount: Int { ProductHalves.productCount * matrixBytes }

  @inline(always)
  private var matrixBytes: Int { halves.depth / lanes * planeBytes }

  @inline(always)
  func matrix(_ product: Int) -> UnsafeMutableRawPointer { base + product * matrixBytes }

  /// Fills all of them for pairs `own`.
  ///
  /// Not inlined, like `StrassenSums.add`: its loop is compiled apart from the products.
  @inline(never)
  func gather(_ own: Range<Int>) {
    let planes = call.pointee.inputPlaneBytes
    let blocks = halves.depth / lanes
    let secondBlocks = (halves.secondDepth + lanes - 1) / lanes
    for block in 0..<blocks {
      let first = call.pointee.input + block * planes
      let second = block < secondBlocks ? first + blocks * planes : nil
      var target = base + block * planeBytes
      var pair = own.lowerBound
      while pair < own.upperBound {
        let run = pairs.run(from: pair, to: own.upperBound)
        let offset = run.pixel * vectorBytes
        if let second {
          add(first + offset, second + offset, run.count, to: target)
        } else {
          add(first + offset, nil, run.count, to: target)
        }
        target += run.count * vectorBytes
        pair += run.count
      }
    }
  }

  /// - Parameter second: the second half's block, zeros where it has none.
  @inline(always)
  private func add(
    _ first: UnsafeRawPointer, _ second: UnsafeRawPointer?, _ count: Int,
    to target: UnsafeMutableRawPointer
  ) {
    for pair in 0..<count {
      let (a11, a21) = (load(first, 2 * pair), load(first, 2 * pair + 1))
      var (a12, a22) = (Vector(repeating: 0), Vector(repeating: 0))
      if let second { (a12, a22) = (load(second, 2 * pair), load(second, 2 * pair + 1)) }
      store(a11 + a22, target, pair)
      store(a21 + a22, target + matrixBytes, pair)
      store(a11, target + 2 * matrixBytes, pair)
      store(a22, target + 3 * matrixBytes, pair)
      store(a11 + a12, target + 4 * matrixBytes, pair)
      store(a21 - a11, target + 5 * matrixBytes, pair)
      store(a12 - a22, target + 6 * matrixBytes, pair)
    }
  }
}
