/// Runs depthwise tiles of `columns` outputs; the tile set of this instruction set. Windows and strides
/// without register tiles go one pixel at a time.
@inline(never)
func convolveDepthwiseTiles(columns: Int, span: DepthwiseSpan, job: inout DepthwiseJob) {
  let preActivation = job.inputLow > -.infinity || job.inputHigh < .infinity ? 1 : 0
  switch (job.windowWidth, job.stride, preActivation) {
  case (3, 1, 0): convolve3x3Stride1(columns, span, &job)
  case (3, 1, 1): convolve3x3Stride1PreActivated(columns, span, &job)
  case (3, 2, 0): convolve3x3Stride2(columns, span, &job)
  case (5, 1, 0): convolve5x5Stride1(columns, span, &job)
  case (5, 2, 0): convolve5x5Stride2(columns, span, &job)
  case (7, 1, 0): convolve7x7Stride1(columns, span, &job)
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
  case 4: DepthwiseTile<3, 1, 4, 0>.convolve(job, span)
  case 5: DepthwiseTile<3, 1, 5, 0>.convolve(job, span)
  case 6: DepthwiseTile<3, 1, 6, 0>.convolve(job, span)
  case 7: DepthwiseTile<3, 1, 7, 0>.convolve(job, span)
  case 8: DepthwiseTile<3, 1, 8, 0>.convolve(job, span)
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
  case 4: DepthwiseTile<3, 1, 4, 1>.convolve(job, span)
  case 5: DepthwiseTile<3, 1, 5, 1>.convolve(job, span)
  case 6: DepthwiseTile<3, 1, 6, 1>.convolve(job, span)
  case 7: DepthwiseTile<3, 1, 7, 1>.convolve(job, span)
  case 8: DepthwiseTile<3, 1, 8, 1>.convolve(job, span)
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
  case 4: DepthwiseTile<3, 2, 4, 0>.convolve(job, span)
  case 5: DepthwiseTile<3, 2, 5, 0>.convolve(job, span)
  case 6: DepthwiseTile<3, 2, 6, 0>.convolve(job, span)
  case 7: DepthwiseTile<3, 2, 7, 0>.convolve(job, span)
  case 8: DepthwiseTile<3, 2, 8, 0>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}

private func convolve5x5Stride1(
  _ columns: Int, _ span: DepthwiseSpan, _ job: inout DepthwiseJob
) {
  switch columns {
  case 1: DepthwiseTile<5, 1, 1, 0>.convolve(job, span)
  case 2: DepthwiseTile<5, 1, 2, 0>.convolve(job, span)
  case 3: DepthwiseTile<5, 1, 3, 0>.convolve(job, span)
  case 4: DepthwiseTile<5, 1, 4, 0>.convolve(job, span)
  case 5: DepthwiseTile<5, 1, 5, 0>.convolve(job, span)
  case 6: DepthwiseTile<5, 1, 6, 0>.convolve(job, span)
  case 7: DepthwiseTile<5, 1, 7, 0>.convolve(job, span)
  case 8: DepthwiseTile<5, 1, 8, 0>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}

private func convolve5x5Stride2(
  _ columns: Int, _ span: DepthwiseSpan, _ job: inout DepthwiseJob
) {
  switch columns {
  case 1: DepthwiseTile<5, 2, 1, 0>.convolve(job, span)
  case 2: DepthwiseTile<5, 2, 2, 0>.convolve(job, span)
  case 3: DepthwiseTile<5, 2, 3, 0>.convolve(job, span)
  case 4: DepthwiseTile<5, 2, 4, 0>.convolve(job, span)
  case 5: DepthwiseTile<5, 2, 5, 0>.convolve(job, span)
  case 6: DepthwiseTile<5, 2, 6, 0>.convolve(job, span)
  case 7: DepthwiseTile<5, 2, 7, 0>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}

private func convolve7x7Stride1(
  _ columns: Int, _ span: DepthwiseSpan, _ job: inout DepthwiseJob
) {
  switch columns {
  case 1: DepthwiseTile<7, 1, 1, 0>.convolve(job, span)
  case 2: DepthwiseTile<7, 1, 2, 0>.convolve(job, span)
  case 3: DepthwiseTile<7, 1, 3, 0>.convolve(job, span)
  case 4: DepthwiseTile<7, 1, 4, 0>.convolve(job, span)
  case 5: DepthwiseTile<7, 1, 5, 0>.convolve(job, span)
  case 6: DepthwiseTile<7, 1, 6, 0>.convolve(job, span)
  default: convolveAnyWindow(columns: columns, span: span, job: &job)
  }
}
