/// Vectors of output channels in one tile of the first layer.
let imageTileVectors = 2

/// Runs one tile of the first layer; the tile set of this instruction set.
@inline(never)
func convolveImageTile(
  columns: Int, vectors: Int, step: Int, block: Int, _ job: PointwiseJob, _ span: ImageSpan
) {
  switch (step, vectors, columns) {
  case (6, 2, 1): ImageTile<1, 2, 6>.convolve(job, span, block)
  case (6, 2, 2): ImageTile<2, 2, 6>.convolve(job, span, block)
  case (6, 2, 3): ImageTile<3, 2, 6>.convolve(job, span, block)
  case (6, 2, 4): ImageTile<4, 2, 6>.convolve(job, span, block)
  case (6, 2, 5): ImageTile<5, 2, 6>.convolve(job, span, block)
  case (6, 2, 6): ImageTile<6, 2, 6>.convolve(job, span, block)
  case (6, 1, 1): ImageTile<1, 1, 6>.convolve(job, span, block)
  case (6, 1, 2): ImageTile<2, 1, 6>.convolve(job, span, block)
  case (6, 1, 3): ImageTile<3, 1, 6>.convolve(job, span, block)
  case (6, 1, 4): ImageTile<4, 1, 6>.convolve(job, span, block)
  case (6, 1, 5): ImageTile<5, 1, 6>.convolve(job, span, block)
  case (6, 1, 6): ImageTile<6, 1, 6>.convolve(job, span, block)
  case (3, 2, 1): ImageTile<1, 2, 3>.convolve(job, span, block)
  case (3, 2, 2): ImageTile<2, 2, 3>.convolve(job, span, block)
  case (3, 2, 3): ImageTile<3, 2, 3>.convolve(job, span, block)
  case (3, 2, 4): ImageTile<4, 2, 3>.convolve(job, span, block)
  case (3, 2, 5): ImageTile<5, 2, 3>.convolve(job, span, block)
  case (3, 2, 6): ImageTile<6, 2, 3>.convolve(job, span, block)
  case (3, 1, 1): ImageTile<1, 1, 3>.convolve(job, span, block)
  case (3, 1, 2): ImageTile<2, 1, 3>.convolve(job, span, block)
  case (3, 1, 3): ImageTile<3, 1, 3>.convolve(job, span, block)
  case (3, 1, 4): ImageTile<4, 1, 3>.convolve(job, span, block)
  case (3, 1, 5): ImageTile<5, 1, 3>.convolve(job, span, block)
  case (3, 1, 6): ImageTile<6, 1, 3>.convolve(job, span, block)
  default: preconditionFailure("no image tile of \(columns) columns, step \(step)")
  }
}
