/// Runs depthwise tiles of `columns` outputs; the tile set of this instruction set. Windows and strides
/// without register tiles go one pixel at a time.
@inline(never)
func convolveDepthwiseTiles(columns: Int, span: DepthwiseSpan, job: inout DepthwiseJob) {
  let preActivation = job.inputLow > -.infinity || job.inputHigh < .infinity ? 1 : 0
  switch (job.windowWidth, job.stride, preActivation) {
  case (3, 1, 0): convolve3x3Stride1(columns, span, &job)
  case (3, 1, 1): convolve3x3Stride1PreActivated(columns, span, &job)
  case (3, 2, 0): convolve3x3Stride2(columns, span, &job)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}

private func convolve3x3Stride1(
  _ columns: Int, _ span: DepthwiseSpan, _ job: inout DepthwiseJob
) {
  switch columns {
  case 1: DepthwiseTile<3, 1, 1, 0>.convolve(job, span)
  case 2: DepthwiseTile<3, 1, 2, 0>.convolve(job, span)
  case 3: DepthwiseTile<3, 1, 3, 0>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}

private func convolve3x3Stride1PreActivated(
  _ columns: Int, _ span: DepthwiseSpan, _ job: inout DepthwiseJob
) {
  switch columns {
  case 1: DepthwiseTile<3, 1, 1, 1>.convolve(job, span)
  case 2: DepthwiseTile<3, 1, 2, 1>.convolve(job, span)
  case 3: DepthwiseTile<3, 1, 3, 1>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}

private func convolve3x3Stride2(
  _ columns: Int, _ span: DepthwiseSpan, _ job: inout DepthwiseJob
) {
  switch columns {
  case 1: DepthwiseTile<3, 2, 1, 0>.convolve(job, span)
  case 2: DepthwiseTile<3, 2, 2, 0>.convolve(job, span)
  case 3: DepthwiseTile<3, 2, 3, 0>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}
