import DSCore
import DSKernels
import TestSupport

/// One problem with its data between guard pages, on which any kernel can be run and checked.
final class KernelTrial {
  enum Values: CaseIterable {
    /// Uniform in [-1, 1).
    case random
    /// Small integers: every sum is exact, so every correct kernel gives the same bits.
    case integers
  }

  let problem: Problem
  let channelBlock: Int
  let input: ReferenceTensor
  let residual: ReferenceTensor?
  let weights: [StageWeights]

  init(_ problem: Problem, channelBlock: Int, values: Values = .random, seed: UInt64 = 1) {
    self.problem = problem
    self.channelBlock = channelBlock
    var generator = SeededGenerator(seed: seed)
    func draw(_ count: Int, magnitude: Float) -> [Float] {
      (0..<count).map { _ in
        let unit = generator.nextUnitFloat()
        return values == .random ? unit : (unit * magnitude).rounded()
      }
    }
    func tensor(_ shape: FeatureShape) -> ReferenceTensor {
      ReferenceTensor(shape: shape, values: draw(shape.elementCount, magnitude: 4).map(Double.init))
    }
    input = tensor(problem.input)
    residual = problem.addsResidual ? tensor(problem.output) : nil
    weights = problem.stages.map {
      $0.hasWeights
        ? StageWeights(
          kernel: draw($0.weightCount, magnitude: 2), bias: draw($0.outputChannels, magnitude: 4))
        : .none
    }
  }

  /// A trial on given data.
  init(
    _ problem: Problem, channelBlock: Int, input: ReferenceTensor, residual: ReferenceTensor?,
    weights: [StageWeights]
  ) {
    self.problem = problem
    self.channelBlock = channelBlock
    self.input = input
    self.residual = residual
    self.weights = weights
  }

  /// The same data for kernels that take another channel block.
  func with(channelBlock: Int) -> KernelTrial {
    KernelTrial(
      problem, channelBlock: channelBlock, input: input, residual: residual, weights: weights)
  }

  func reference(pixels: [Int]? = nil) -> ReferenceTensor {
    Reference.evaluate(problem, input: input, weights: weights, residual: residual, pixels: pixels)
  }

  /// `exact` with the bounds of `kernel`, which are not always the formula's.
  func bounding(
    _ exact: ReferenceTensor, by kernel: Kernel, pixels: [Int]? = nil
  ) -> ReferenceTensor {
    kernel.bounding(
      exact, problem, input: input, weights: weights, residual: residual, pixels: pixels)
  }

  /// Runs the kernel, each worker in turn, on memory whose `side` touches a guard page.
  ///
  /// Output and scratch are NaN before, so an output that is not written or scratch that is read too
  /// early cannot pass.
  ///
  /// - Parameters:
  ///   - inputRowParts: in how many parts the step before cut its rows among the workers.
  ///   - halvesApart: how half vectors are multiplied; as this CPU does for `nil`.
  ///   - alone: the only worker to run. What it says it does not read is spoilt, of feature maps that is.
  ///   - firstPiece: shares are taken in pieces from this one on; in one piece for `nil`.
  ///   - inputPadding: what lies in the lanes of the input's last channel block that are no channels.
  func run(
    _ kernel: Kernel, _ values: KernelParameters, workers: Int, inputRowParts: Int = 1,
    side: GuardedBuffer.Side = .end, alone: Int? = nil, halvesApart: Bool? = nil,
    firstPiece: UInt32? = nil, inputPadding: Float = 0
  ) -> KernelOutput {
    var kept: [GuardedBuffer] = []
    func guarded(_ byteCount: Int, alignment: Int = 64) -> GuardedBuffer {
      let buffer = GuardedBuffer(byteCount: byteCount, side: side, alignment: alignment)
      kept.append(buffer)
      return buffer
    }
    let prepared = PreparedKernel(
      kernel, problem, values, weights: weights, channelBlock: channelBlock
    ) { byteCount in
      let buffer = guarded(byteCount)
      return AlignedBuffer(base: buffer.base, byteCount: byteCount) { _, _ in }
    }
    let readsImage = problem.stages[0].readsImage
    let source = guarded(prepared.inputByteCount, alignment: readsImage ? 4 : 64)
    if readsImage {
      for (index, value) in input.values.enumerated() {
        source.base.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
      }
    } else {
      input.write(to: source.base, prepared.inputLayout)
      prepared.inputLayout.fillPadding(of: source.base, with: inputPadding)
    }
    let added = residual.map { tensor in
      let buffer = guarded(prepared.outputLayout.byteCount)
      tensor.write(to: buffer.base, prepared.outputLayout)
      return buffer
    }
    let target = guarded(prepared.outputLayout.byteCount)
    target.poison()
    let scratch = guarded(prepared.scratchBytesPerWorker * workers)
    scratch.poison()
    var call = prepared.call(
      input: source.base, output: target.base, residual: added.map { UnsafeRawPointer($0.base) },
      scratch: scratch.base)
    call.rowParts = prepared.rowParts(workers: workers, input: inputRowParts)
    for stage in [\KernelCall.first, \.second, \.third] {
      if let halvesApart { call[keyPath: stage].halvesApart = halvesApart }
    }
    if let alone {
      let reach = prepared.reach(worker: alone, workers: workers, rowParts: call.rowParts)
      if !readsImage { reach.reads.spoilRest(of: source.base, prepared.inputLayout) }
      if let added { reach.writes.spoilRest(of: added.base, prepared.outputLayout) }
    }
    for worker in 0..<workers where alone == nil || alone == worker {
      var next = firstPiece ?? 0
      withUnsafeMutablePointer(to: &next) {
        call.nextPiece = firstPiece == nil ? nil : $0
        kernel.run(&call, worker, workers)
      }
    }
    return withExtendedLifetime((kept, prepared)) {
      KernelOutput(target.base, prepared.outputLayout)
    }
  }
}

extension KernelTrial {
  /// Packed into memory of the ordinary kind.
  func prepared(_ kernel: Kernel, _ values: KernelParameters) -> PreparedKernel {
    do {
      return try PreparedKernel(
        kernel, problem, values, weights: weights, channelBlock: channelBlock)
    } catch {
      preconditionFailure("the weights of '\(problem.key)': \(error)")
    }
  }

  /// Which of the output's values each worker says it writes.
  func written(
    _ kernel: Kernel, _ values: KernelParameters, workers: Int, inputRowParts: Int
  ) -> [[Bool]] {
    let prepared = self.prepared(kernel, values)
    let rowParts = prepared.rowParts(workers: workers, input: inputRowParts)
    let channels = problem.output.channels
    return (0..<workers).map { worker in
      let part = prepared.reach(worker: worker, workers: workers, rowParts: rowParts).writes
      return (0..<problem.output.elementCount).map {
        part.pixels.contains($0 / channels) && part.blocks.contains($0 % channels / channelBlock)
      }
    }
  }
}

extension TensorLayout {
  fileprivate func fillPadding(of base: UnsafeMutableRawPointer, with value: Float) {
    for pixel in 0..<shape.pixelCount {
      for channel in shape.channels..<(blockCount * channelBlock) {
        base.storeBytes(
          of: value, toByteOffset: byteOffset(pixel: pixel, channel: channel), as: Float.self)
      }
    }
  }
}

extension MapPart {
  /// Puts values that no result survives wherever this part is not.
  fileprivate func spoilRest(of base: UnsafeMutableRawPointer, _ layout: TensorLayout) {
    for pixel in 0..<layout.shape.pixelCount {
      for channel in 0..<layout.shape.channels
      where !pixels.contains(pixel) || !blocks.contains(channel / layout.channelBlock) {
        base.storeBytes(
          of: 1e30, toByteOffset: layout.byteOffset(pixel: pixel, channel: channel), as: Float.self)
      }
    }
  }
}

/// What a kernel wrote, padding channels apart.
struct KernelOutput: Equatable {
  let values: [Float]
  /// Whether every padding channel is zero, as `TensorLayout` promises.
  let paddingIsZero: Bool

  init(_ base: UnsafeRawPointer, _ layout: TensorLayout) {
    values = ReferenceTensor(blocked: base, layout).values.map { Float($0) }
    let padded = layout.blockCount * layout.channelBlock
    paddingIsZero = (layout.shape.channels..<padded).allSatisfy { channel in
      (0..<layout.shape.pixelCount).allSatisfy { pixel in
        let offset =
          channel / layout.channelBlock * layout.planeBytes + pixel * layout.pixelBytes
          + channel % layout.channelBlock * 4
        return base.load(fromByteOffset: offset, as: Float.self) == 0
      }
    }
  }

  /// The largest error as a fraction of its bound, over the given pixels; above 1 is wrong.
  func worstError(against reference: ReferenceTensor, pixels: [Int]? = nil) -> Double {
    var worst = 0.0
    let channels = reference.shape.channels
    for pixel in pixels ?? Array(0..<reference.shape.pixelCount) {
      for index in (pixel * channels)..<((pixel + 1) * channels) {
        let error = (Double(values[index]) - reference.values[index]).magnitude
        if error.isNaN { return .infinity }
        if error > 0 { worst = max(worst, error / reference.bounds[index]) }
      }
    }
    return worst
  }

  /// How many values differ in their bits from `other`; +0 and −0 count as equal.
  func differences(from other: KernelOutput) -> Int {
    zip(values, other.values).count { $0 != $1 }
  }
}
