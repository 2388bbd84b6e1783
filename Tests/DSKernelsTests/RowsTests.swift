import DSCore
import DSKernels
import TestSupport
import Testing

/// Workers that keep their rows to themselves compute them as problems of their own.
@Suite("Some rows alone")
struct RowsTests {
  /// Problems of one image, more than one row high.
  private static let problems =
    ProblemSweep.all.compactMap { problem in
      try? Problem(
        stages: problem.stages.map {
          var stage = $0
          stage.input.batch = 1
          return stage
        })
    }.filter { $0.output.height > 1 }
    + [false, true].compactMap {
      try? Problem(
        Stage(
          .pointwise, input: FeatureShape(height: 9, width: 5, channels: 24), outputChannels: 40,
          activation: .relu6, addsResidual: $0))
    }

  @Test(
    "They have the bits of the whole, and need no memory beside what they say",
    arguments: KernelCorrectnessTests.instructionSets)
  func sameBits(instructionSet: InstructionSet) throws {
    var operations: Set<Operator> = []
    for (index, problem) in Self.problems.enumerated() {
      let trial = KernelTrial(problem, channelBlock: instructionSet.channelBlock(.float32))
      var generator = SeededGenerator(seed: UInt64(index))
      for kernel in Registry.standard.kernels(for: problem, upTo: instructionSet, workers: 2)
      where kernel.isParallel {
        let context = ParameterAxis.Context(problem: problem, workers: 2)
        let values = try #require(kernel.candidates(context).randomElement(using: &generator))
        let name = "\(kernel.id) \(kernel.named(values)) on '\(problem.key)'"
        let whole = trial.run(kernel, values, workers: 1)
        let height = problem.output.height
        let cut = Int.random(in: 1..<height, using: &generator)
        for (part, rows) in [0..<cut, cut..<height].enumerated() {
          let side = GuardedBuffer.Side.allCases[part]
          guard let alone = trial.run(kernel, values, rows: rows, side: side) else { continue }
          operations.insert(problem.operation)
          let first = rows.lowerBound * problem.output.width * problem.output.channels
          let wrong = alone.values.indices.count { alone.values[$0] != whole.values[first + $0] }
          #expect(wrong == 0 && alone.paddingIsZero, "rows \(rows) of \(name)")
        }
      }
    }
    #expect(operations.count == 9, "\(operations)")
  }
}

extension KernelTrial {
  /// Runs the kernel for some rows, on memory that holds these and what they need alone and whose `side` touches a
  /// guard page.
  ///
  /// - Returns: `nil` if the kernel cannot.
  func run(
    _ kernel: Kernel, _ values: KernelParameters, rows: Range<Int>, side: GuardedBuffer.Side
  ) -> KernelOutput? {
    let prepared = self.prepared(kernel, values)
    guard prepared.canComputeRows else { return nil }
    let readsImage = problem.stages[0].readsImage
    let needed = prepared.inputRows(ofOutput: rows)
    let source = input.rows(needed)
    let sourceLayout = TensorLayout(shape: source.shape, channelBlock: channelBlock)
    let sourceMemory = GuardedBuffer(
      byteCount: readsImage ? source.values.count * 4 : sourceLayout.byteCount, side: side,
      alignment: readsImage ? 4 : 64)
    if readsImage {
      for (index, value) in source.values.enumerated() {
        sourceMemory.base.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
      }
    } else {
      source.write(to: sourceMemory.base, sourceLayout)
    }
    var shape = problem.output
    shape.height = rows.count
    let layout = TensorLayout(shape: shape, channelBlock: channelBlock)
    let target = GuardedBuffer(byteCount: layout.byteCount, side: side)
    target.poison()
    let added = residual.map { tensor in
      let buffer = GuardedBuffer(byteCount: layout.byteCount, side: side)
      tensor.rows(rows).write(to: buffer.base, layout)
      return buffer
    }
    let scratch = GuardedBuffer(byteCount: prepared.scratchBytesPerWorker, side: side)
    scratch.poison()
    var call = prepared.call(
      rows: rows,
      input: MapRows(address: sourceMemory.base, planeBytes: sourceLayout.planeBytes),
      output: MapRows(address: target.base, planeBytes: layout.planeBytes),
      residual: added.map { MapRows(address: $0.base, planeBytes: layout.planeBytes) },
      scratch: scratch.base)
    kernel.run(&call, 0, 1)
    return withExtendedLifetime((prepared, sourceMemory, added, scratch)) {
      KernelOutput(target.base, layout)
    }
  }
}

extension ReferenceTensor {
  /// Some rows of one image.
  fileprivate func rows(_ rows: Range<Int>) -> ReferenceTensor {
    var shape = shape
    shape.height = rows.count
    let rowCount = shape.width * shape.channels
    return ReferenceTensor(
      shape: shape,
      values: Array(values[rows.lowerBound * rowCount..<rows.upperBound * rowCount]))
  }
}
