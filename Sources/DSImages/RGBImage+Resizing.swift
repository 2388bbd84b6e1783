/// How an image is brought to a network's resolution.
package enum Resizing: String, Sendable, CaseIterable {
  /// The pixel under the centre of each new one: what Keras's `load_img` does, through Pillow.
  case nearest
  /// A weighted mean of the four pixels around that centre, without smoothing first.
  case bilinear
}

extension RGBImage {
  /// The whole image stretched to `width × height`, whatever its aspect, as Keras does.
  package func resized(width: Int, height: Int, by method: Resizing) -> RGBImage {
    precondition(width > 0 && height > 0, "resize to \(width)x\(height)")
    if width == self.width, height == self.height { return self }
    let pixels =
      switch method {
      case .nearest: nearest(width: width, height: height)
      case .bilinear: bilinear(width: width, height: height)
      }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  private func nearest(width: Int, height: Int) -> [UInt8] {
    let columns = Self.nearestIndices(from: self.width, to: width)
    var result: [UInt8] = []
    result.reserveCapacity(width * height * 3)
    for row in Self.nearestIndices(from: self.height, to: height) {
      for column in columns {
        let pixel = (row * self.width + column) * 3
        result.append(contentsOf: pixels[pixel..<pixel + 3])
      }
    }
    return result
  }

  /// Pillow steps through the source by repeated addition. The rounding errors of that decide which
  /// neighbour is taken where a centre falls between two pixels, so they are reproduced.
  private static func nearestIndices(from source: Int, to target: Int) -> [Int] {
    let step = Double(source) / Double(target)
    var position = step * 0.5
    return (0..<target).map { _ in
      defer { position += step }
      return min(Int(position), source - 1)
    }
  }

  /// Two source pixels and how much the second counts.
  private struct Tap {
    var first: Int
    var second: Int
    var weight: Float
  }

  private static func taps(from source: Int, to target: Int) -> [Tap] {
    let step = Double(source) / Double(target)
    return (0..<target).map { index in
      let centre = min(max((Double(index) + 0.5) * step - 0.5, 0), Double(source - 1))
      let first = Int(centre)
      return Tap(
        first: first, second: min(first + 1, source - 1), weight: Float(centre - Double(first)))
    }
  }

  private func bilinear(width: Int, height: Int) -> [UInt8] {
    let columns = Self.taps(from: self.width, to: width)
    var result: [UInt8] = []
    result.reserveCapacity(width * height * 3)
    for row in Self.taps(from: self.height, to: height) {
      for column in columns {
        for channel in 0..<3 {
          func mixed(_ y: Int) -> Float {
            let left = Float(pixels[(y * self.width + column.first) * 3 + channel])
            let right = Float(pixels[(y * self.width + column.second) * 3 + channel])
            return left + (right - left) * column.weight
          }
          let (upper, lower) = (mixed(row.first), mixed(row.second))
          result.append(UInt8((upper + (lower - upper) * row.weight).rounded()))
        }
      }
    }
    return result
  }
}
