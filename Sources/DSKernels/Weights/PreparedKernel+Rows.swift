import DSCore

extension PreparedKernel {
  /// Whether some rows of the output can be computed as a problem of their own, by one worker.
  public var canComputeRows: Bool {
    if problem.output.batch > 1 { return false }
    // Pairs of pixels must not reach across the cut.
    if !kernel.multipliesAsWritten && problem.output.width % 2 == 1 { return false }
    switch problem.operation {
    case .standard, .pointwise, .depthwise, .maximumPooling, .averagePooling, .separable,
      .invertedResidual, .entry, .reduction:
      return true
    case .dense, .softmax, .pooled: return false
    }
  }

  /// The input rows that the windows of all stages reach from some output rows, those beyond the borders left out.
  ///
  /// - Parameter rows: of an output of one image.
  public func inputRows(ofOutput rows: Range<Int>) -> Range<Int> {
    problem.stages.reversed().reduce(rows) { $1.inputRows(ofOutput: $0) }
  }

  /// The call for output rows `rows` alone, for one worker: the input begins at the first row that they need, output
  /// and residual at the first row that is computed.
  ///
  /// - Parameters:
  ///   - rows: not empty, and of an output of one image.
  ///   - scratch: `scratchBytesPerWorker` bytes.
  public func call(
    rows: Range<Int>, input: MapRows, output: MapRows, residual: MapRows?,
    scratch: UnsafeMutableRawPointer
  ) -> KernelCall {
    precondition(
      canComputeRows && !rows.isEmpty, "rows \(rows) of '\(problem.key)' by \(kernel.id)")
    var stages = stageCalls
    var wanted = rows
    for (index, stage) in problem.stages.enumerated().reversed() {
      let needed = stage.inputRows(ofOutput: wanted)
      stages[index].outputHeight = wanted.count
      stages[index].inputHeight = needed.count
      stages[index].paddingTop =
        needed.lowerBound - (wanted.lowerBound * stage.window.stride - stage.window.padding.top)
      wanted = needed
    }
    return call(
      input: UnsafeRawPointer(input.address), inputPlaneBytes: input.planeBytes, output: output,
      residual: residual.map { UnsafeRawPointer($0.address) },
      residualPlaneBytes: residual?.planeBytes ?? 0, scratch: scratch, stages: stages)
  }
}

extension Stage {
  /// Rows inside the input that the windows of output rows `rows` reach.
  fileprivate func inputRows(ofOutput rows: Range<Int>) -> Range<Int> {
    if rows.isEmpty { return 0..<0 }
    let first = max(0, rows.lowerBound * window.stride - window.padding.top)
    let end = (rows.upperBound - 1) * window.stride - window.padding.top + window.height
    return first..<max(first, min(input.height, end))
  }
}
