import DSCore

/// The outputs of Strassen's algorithm for a strip of pairs: sums of its seven products.
struct StrassenSums {
  private let call: UnsafePointer<KernelCall>
  private let pairs: PixelPairs
  private let halfVectors: Int
  private let planeBytes: Int
  private let products: UnsafeMutableRawPointer
  private let low: Vector
  private let high: Vector

  /// - Parameters:
  ///   - planeBytes: of one vector of a product.
  ///   - products: room for seven of as many vectors as a panel has.
  @inline(always)
  init(
    _ call: UnsafePointer<KernelCall>, _ pairs: PixelPairs, _ halves: ProductHalves,
    planeBytes: Int, products: UnsafeMutableRawPointer
  ) {
    self.call = call
    self.pairs = pairs
    self.planeBytes = planeBytes
    self.products = products
    halfVectors = halves.vectors
    low = Vector(repeating: call.pointee.first.low)
    high = Vector(repeating: call.pointee.first.high)
  }

  @inline(always)
  private var matrixBytes: Int { call.pointee.parameters.p1 * planeBytes }

  @inline(always)
  func product(_ index: Int) -> UnsafeMutableRawPointer { products + index * matrixBytes }

  /// Writes channel blocks `block` of both halves for pairs `own`.
  ///
  /// Not inlined: where the compiler saw that the bounds are spread numbers, each clamp became twenty instructions (see `clamp`),
  /// 3.4 % of 19×19×728→728.
  ///
  /// - Parameter vector: of the panel.
  @inline(never)
  func add(_ own: Range<Int>, vector: Int, block: Int, biases: (first: Vector, second: Vector)) {
    let first = call.pointee.output + block * call.pointee.outputPlaneBytes
    let second = first + halfVectors * call.pointee.outputPlaneBytes
    let residualPlaneBytes = call.pointee.residualPlaneBytes
    let residual = call.pointee.residual.map { $0 + block * residualPlaneBytes }
    var source = UnsafeRawPointer(products + vector * planeBytes)
    var pair = own.lowerBound
    while pair < own.upperBound {
      let run = pairs.run(from: pair, to: own.upperBound)
      for index in 0..<run.count {
        let pixel = run.pixel + 2 * index
        var (b11, b12, b21, b22) = (biases.first, biases.second, biases.first, biases.second)
        if let residual {
          let secondResidual = residual + halfVectors * residualPlaneBytes
          b11 += load(residual, pixel)
          b12 += load(secondResidual, pixel)
          b21 += load(residual, pixel + 1)
          b22 += load(secondResidual, pixel + 1)
        }
        let m1 = load(source, index)
        let m2 = load(source + matrixBytes, index)
        let m3 = load(source + 2 * matrixBytes, index)
        let m4 = load(source + 3 * matrixBytes, index)
        let m5 = load(source + 4 * matrixBytes, index)
        let m6 = load(source + 5 * matrixBytes, index)
        let m7 = load(source + 6 * matrixBytes, index)
        if !run.repeatsFirst {
          store(clamp(m1 + m4 - m5 + m7 + b11, low, high), first, pixel)
          store(clamp(m3 + m5 + b12, low, high), second, pixel)
        }
        store(clamp(m2 + m4 + b21, low, high), first, pixel + 1)
        store(clamp(m1 - m2 + m3 + m6 + b22, low, high), second, pixel + 1)
      }
      source += run.count * vectorBytes
      pair += run.count
    }
  }
}
