import DSCore

/// The rows of a feature map that one worker keeps for itself.
///
/// In a map that lies in one piece the rows of all workers alternate, channel block after channel block; and where one
/// map's bytes are reused for a map of another size, most rows of one worker take the place of another's. Each such
/// cache line has to be fetched from the other core before it can be written.
package struct MapSlice: Hashable, Sendable {
  /// The rows that this worker computes.
  package let own: Range<Int>
  /// These and the rows beside them that it reads: copies of what other workers computed.
  package let stored: Range<Int>
  /// Of the stored rows.
  package let layout: TensorLayout

  init(of map: TensorLayout, own: Range<Int>, stored: Range<Int>) {
    self.own = own
    self.stored = stored
    var shape = map.shape
    shape.height = stored.count
    layout = TensorLayout(
      shape: shape, channelBlock: map.channelBlock, elementType: map.elementType)
  }

  /// Bytes from the slice's beginning to row `row` of the map, in the first channel block.
  func byteOffset(row: Int) -> Int {
    layout.byteOffset(row: row - stored.lowerBound, column: 0, channel: 0)
  }
}
