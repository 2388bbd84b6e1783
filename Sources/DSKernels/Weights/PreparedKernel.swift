import DSCore

/// A kernel with its parameter values and packed weights for one problem: all that is left is to say
/// where the tensors are.
public final class PreparedKernel: Sendable {
  public let kernel: Kernel
  public let problem: Problem
  public let values: KernelParameters
  public let channelBlock: Int
  public let scratchBytesPerWorker: Int
  let packed: AlignedBuffer
  let stageOffsets: [Int]

  /// Packs the weights.
  ///
  /// - Parameters:
  ///   - weights: one for each stage of the problem, `StageWeights.none` where a stage has none.
  ///   - allocate: gives so many bytes of zeroed memory, aligned to 64; what it throws, this throws.
  public init<Failure: Error>(
    _ kernel: Kernel, _ problem: Problem, _ values: KernelParameters, weights: [StageWeights],
    channelBlock: Int, allocate: (_ byteCount: Int) throws(Failure) -> AlignedBuffer
  ) throws(Failure) {
    precondition(
      weights.count == problem.stages.count,
      "\(weights.count) weights for \(problem.stages.count) stages")
    self.kernel = kernel
    self.problem = problem
    self.values = values
    self.channelBlock = channelBlock
    scratchBytesPerWorker = kernel.scratchBytesPerWorker(
      problem, values, channelBlock: channelBlock)
    let packings = kernel.packings(problem, values)
    let (offsets, byteCount) = Self.stageOffsets(problem, packings)
    stageOffsets = offsets
    packed = try allocate(byteCount)
    for (index, stage) in problem.stages.enumerated() {
      packings[index].pack(weights[index], stage, into: packed.base + offsets[index])
    }
  }

  /// Packs the weights into memory of the ordinary kind.
  public convenience init(
    _ kernel: Kernel, _ problem: Problem, _ values: KernelParameters, weights: [StageWeights],
    channelBlock: Int
  ) throws(MemoryShortage) {
    try self.init(
      kernel, problem, values, weights: weights, channelBlock: channelBlock
    ) { (byteCount) throws(MemoryShortage) in try AlignedBuffer(byteCount: byteCount) }
  }

  /// Bytes of the packed weights of all stages, a multiple of 64.
  public var packedByteCount: Int { packed.byteCount }

  /// The same before anything is packed.
  public static func packedByteCount(
    _ kernel: Kernel, _ problem: Problem, _ values: KernelParameters
  ) -> Int {
    stageOffsets(problem, kernel.packings(problem, values)).byteCount
  }

  private static func stageOffsets(
    _ problem: Problem, _ packings: [Packing]
  ) -> (offsets: [Int], byteCount: Int) {
    var offsets: [Int] = []
    var byteCount = 0
    for (stage, packing) in zip(problem.stages, packings) {
      offsets.append(byteCount)
      byteCount += (packing.byteCount(stage) + 63) / 64 * 64
    }
    return (offsets, byteCount)
  }

  public var inputLayout: TensorLayout {
    TensorLayout(
      shape: problem.input, channelBlock: channelBlock, elementType: problem.elementType)
  }

  public var outputLayout: TensorLayout {
    TensorLayout(
      shape: problem.output, channelBlock: channelBlock, elementType: problem.elementType)
  }

  /// Bytes of the input: an NHWC image or a blocked tensor.
  public var inputByteCount: Int {
    problem.stages[0].readsImage
      ? problem.input.elementCount * problem.elementType.byteCount : inputLayout.byteCount
  }

  /// The call for tensors at these addresses. The caller keeps them, and this object, alive.
  ///
  /// - Parameter scratch: `scratchBytesPerWorker` bytes for each worker.
  public func call(
    input: UnsafeRawPointer, output: UnsafeMutableRawPointer, residual: UnsafeRawPointer? = nil,
    scratch: UnsafeMutableRawPointer
  ) -> KernelCall {
    call(
      input: input, inputPlaneBytes: inputLayout.planeBytes,
      output: MapRows(address: output, planeBytes: outputLayout.planeBytes), residual: residual,
      residualPlaneBytes: outputLayout.planeBytes, scratch: scratch, stages: stageCalls)
  }

  func call(
    input: UnsafeRawPointer, inputPlaneBytes: Int, output: MapRows, residual: UnsafeRawPointer?,
    residualPlaneBytes: Int, scratch: UnsafeMutableRawPointer, stages: [StageCall]
  ) -> KernelCall {
    precondition(
      problem.addsResidual == (residual != nil), "residual of '\(problem.key)' given wrongly")
    return KernelCall(
      input: input, inputPlaneBytes: inputPlaneBytes, output: output.address,
      outputPlaneBytes: output.planeBytes, residual: residual,
      residualPlaneBytes: residualPlaneBytes, scratch: scratch,
      scratchBytesPerWorker: scratchBytesPerWorker, channelBlock: channelBlock,
      parameters: values, stages: stages)
  }

  var stageCalls: [StageCall] {
    zip(problem.stages, stageOffsets).map {
      var stage = StageCall($0, weights: UnsafeRawPointer(packed.base + $1))
      stage.halvesApart = LocalCPU.current.splitsVectors
      return stage
    }
  }
}
