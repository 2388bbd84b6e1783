/// An 8-bit RGB image, rows from the top, three bytes a pixel.
package struct RGBImage: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// `height × width × 3`, row-major.
  package let pixels: [UInt8]

  package init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(
      width > 0 && height > 0 && pixels.count == width * height * 3,
      "\(pixels.count) bytes for an image of \(width)x\(height)")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// One input image of a network: NHWC Float32, each value after `preprocessing`.
  package func values(_ preprocessing: (Float) -> Float) -> [Float] {
    let table = (0...255).map { preprocessing(Float($0)) }
    return pixels.map { table[Int($0)] }
  }
}
