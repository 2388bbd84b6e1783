import CSystem
import DSCore
import DSKernels

/// One run of a kernel that has neither tiles to choose nor threads, on tensors that hold one number: what it takes does not
/// depend on the numbers. What it computes is not looked at; the tests do that.
struct SimpleKernelRun {
  private static let number: Float = 0.25

  let nanoseconds: UInt64

  init(_ kernel: Kernel, _ problem: Problem, channelBlock: Int) throws(MemoryShortage) {
    func tensor(_ shape: FeatureShape) throws(MemoryShortage) -> AlignedBuffer {
      try Self.filled(TensorLayout(shape: shape, channelBlock: channelBlock).byteCount)
    }
    let input =
      problem.stages[0].readsImage
      ? try Self.filled(problem.input.elementCount * 4) : try tensor(problem.input)
    let output = try tensor(problem.output)
    let residual = problem.addsResidual ? try tensor(problem.output) : nil
    let values = KernelParameters()
    let scratch = try AlignedBuffer(
      byteCount: kernel.scratchBytesPerWorker(problem, values, channelBlock: channelBlock))
    let prepared = try PreparedKernel(
      kernel, problem, values,
      weights: problem.stages.map { stage in
        stage.hasWeights
          ? StageWeights(
            kernel: Array(repeating: Self.number, count: stage.weightCount),
            bias: Array(repeating: 0, count: stage.outputChannels)) : .none
      }, channelBlock: channelBlock)
    var call = prepared.call(
      input: input.base, output: output.base, residual: residual.map { UnsafeRawPointer($0.base) },
      scratch: scratch.base)
    nanoseconds = withExtendedLifetime((prepared, input, output, residual, scratch)) {
      let start = cs_monotonic_ns()
      kernel.run(&call, 0, 1)
      return ClockTime.elapsed(from: start, to: cs_monotonic_ns())
    }
  }

  /// Mapped by being filled, which a run is not to pay for.
  private static func filled(_ byteCount: Int) throws(MemoryShortage) -> AlignedBuffer {
    let buffer = try AlignedBuffer(byteCount: byteCount)
    buffer.base.initializeMemory(as: Float.self, repeating: number, count: byteCount / 4)
    return buffer
  }
}
