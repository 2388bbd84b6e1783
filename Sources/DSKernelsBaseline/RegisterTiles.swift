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
  case (2, 1): RegisterTile<1, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  case (2, 2): RegisterTile<2, 2>.multiply(job, firstRow: firstRow, block: block, count: count)
  default: preconditionFailure("no register tile of \(rows) rows and \(vectors) vectors")
  }
}
