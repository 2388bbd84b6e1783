import DSCore

/// One worker's share of a product in pieces, in the order in which they are taken: panel after panel, each with some of
/// the tiles, or strip after strip.
///
/// A core that a neighbour's thread or an interrupt slows down is late with its share; workers that are done with theirs
/// take pieces of it then. Which worker computes a piece does not change its bits.
/// - Source: Blumofe and Leiserson, "Scheduling Multithreaded Computations by Work Stealing", Journal of the ACM 46(5),
///   1999, doi:10.1145/324133.324234.
struct ProductPieces {
  struct Piece {
    var tiles: Range<Int>
    var panels: Range<Int>
    /// The panel before this one is the last that is fetched ahead.
    var fetchEnd: Int
  }

  let count: Int
  private let tiles: Range<Int>
  private let panels: Range<Int>
  /// How the tiles are cut for each panel, or for all.
  private let cut: Split
  private let isByPanel: Bool

  /// The slowest worker is late by no more than one piece: 6 % of a share of 16.
  private static var fewestPieces: Int { 16 }
  /// With fewer a panel's weights would be read from L2 for little.
  private static var fewestTiles: Int { 4 }

  /// - Parameters:
  ///   - tiles: row tiles of the share.
  ///   - stripTiles: as in `PointwiseJob.run`.
  ///   - isWhole: one piece, as nobody else takes any.
  @inline(always)
  init(tiles: Range<Int>, panels: Range<Int>, stripTiles: Int, isWhole: Bool) {
    self.tiles = tiles
    self.panels = panels
    isByPanel = !isWhole && stripTiles == 0
    if isByPanel {
      let wanted = (Self.fewestPieces + panels.count - 1) / max(1, panels.count)
      cut = Split(tiles.count, parts: max(1, min(wanted, tiles.count / Self.fewestTiles)))
      count = panels.count * cut.parts
    } else {
      let strips = isWhole ? 1 : max(1, (tiles.count + stripTiles - 1) / stripTiles)
      cut = Split(tiles.count, parts: strips)
      count = strips
    }
  }

  @inline(always)
  subscript(_ index: Int) -> Piece {
    let part = index % cut.parts
    let start = tiles.lowerBound + cut.start(part)
    let ownTiles = start..<(start + cut.length(part))
    if isByPanel {
      let panel = panels.lowerBound + index / cut.parts
      let isLast = part == cut.parts - 1
      return Piece(
        tiles: ownTiles, panels: panel..<(panel + 1),
        fetchEnd: isLast ? panels.upperBound : panel + 1)
    }
    // Strips after the first find the weights in L2.
    return Piece(
      tiles: ownTiles, panels: panels, fetchEnd: part == 0 ? panels.upperBound : panels.lowerBound)
  }
}
