import DSCore
import DSKernels

/// A part of a feature map where it lies in the arena.
package struct ArenaPart: Hashable, Sendable {
  /// Of the whole map, in bytes from the arena's start.
  private let offset: Int
  private let planeBytes: Int
  private let pixelBytes: Int
  private let part: MapPart

  package init(_ part: MapPart, of layout: TensorLayout, offset: Int) {
    self.part = part
    self.offset = offset
    planeBytes = layout.planeBytes
    pixelBytes = layout.pixelBytes
  }

  /// Whether the two have a byte in common. May say so of two whose planes do not lie in one raster.
  package func overlaps(_ other: ArenaPart) -> Bool {
    if part.isEmpty || other.part.isEmpty { return false }
    let distance = other.offset - offset
    guard planeBytes == other.planeBytes, pixelBytes == other.pixelBytes,
      distance.isMultiple(of: planeBytes)
    else { return bytes.overlaps(other.bytes) }
    let shift = distance / planeBytes
    let blocks = (other.part.blocks.lowerBound + shift)..<(other.part.blocks.upperBound + shift)
    return part.blocks.overlaps(blocks) && part.pixels.overlaps(other.part.pixels)
  }

  /// From the first byte to the last.
  private var bytes: Range<Int> {
    let first =
      offset + part.blocks.lowerBound * planeBytes + part.pixels.lowerBound * pixelBytes
    let end =
      offset + (part.blocks.upperBound - 1) * planeBytes + part.pixels.upperBound * pixelBytes
    return first..<end
  }
}
