extension RGBImage {
  /// The image as it is to be seen.
  func oriented(_ orientation: Orientation) -> RGBImage {
    if orientation == .upright { return self }
    let (height, width) =
      orientation.swapsExtents ? (self.width, self.height) : (self.height, self.width)
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count)
    for y in 0..<height {
      for x in 0..<width {
        let (row, column) = source(orientation, row: y, column: x)
        let pixel = (row * self.width + column) * 3
        result.append(contentsOf: pixels[pixel..<pixel + 3])
      }
    }
    return RGBImage(width: width, height: height, pixels: result)
  }

  /// Where the pixel at (`row`, `column`) of the oriented image is stored.
  private func source(
    _ orientation: Orientation, row: Int, column: Int
  ) -> (row: Int, column: Int) {
    let (lastRow, lastColumn) = (height - 1, width - 1)
    return switch orientation {
    case .upright: (row, column)
    case .mirrored: (row, lastColumn - column)
    case .halfTurn: (lastRow - row, lastColumn - column)
    case .flipped: (lastRow - row, column)
    case .transposed: (column, row)
    case .quarterTurn: (lastRow - column, row)
    case .transversed: (lastRow - column, lastColumn - row)
    case .threeQuarterTurn: (column, lastColumn - row)
    }
  }
}
