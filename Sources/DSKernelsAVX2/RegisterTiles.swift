/// Runs `count` register tiles of `rows` × `vectors`; the tile set of this instruction set.
@inline(never)
func multiplyRegisterTiles(
  rows: Int, vectors: Int, count: Int, firstRow: Int, block: Int, job: inout PointwiseJob
) {
  switch (vectors, rows) {
  case (1, 1): RegisterTile<1, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 2): RegisterTile<2, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 3): RegisterTile<3, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 4): RegisterTile<4, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 5): RegisterTile<5, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 6): RegisterTile<6, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 7): RegisterTile<7, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 8): RegisterTile<8, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 9): RegisterTile<9, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 10): RegisterTile<10, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 11): RegisterTile<11, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (1, 12): RegisterTile<12, 1>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 1): RegisterTile<1, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 2): RegisterTile<2, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 3): RegisterTile<3, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 4): RegisterTile<4, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 5): RegisterTile<5, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 6): RegisterTile<6, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (3, 1): RegisterTile<1, 3>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (3, 2): RegisterTile<2, 3>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (3, 3): RegisterTile<3, 3>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (3, 4): RegisterTile<4, 3>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (4, 1): RegisterTile<1, 4>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (4, 2): RegisterTile<2, 4>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (5, 1): RegisterTile<1, 5>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (6, 1): RegisterTile<1, 6>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (7, 1): RegisterTile<1, 7>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (8, 1): RegisterTile<1, 8>.multiply(job, firstRow: firstRow, block: block, count: count)
  default: preconditionFailure("no register tile of \(rows) rows and \(vectors) vectors")
  }
}
