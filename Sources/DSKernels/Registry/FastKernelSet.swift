import DSCore
import DSKernelsBaseline

#if arch(x86_64)
  import DSKernelsAVX2
  import DSKernelsAVX512
#endif

/// The vector kernels of one instruction set and the register tiles they were compiled with.
package struct FastKernelSet: Sendable {
  package let instructionSet: InstructionSet
  /// Pointwise register tiles: the most rows for each number of vectors.
  package let mostRows: [Int: Int]
  /// The most columns of a depthwise tile, by window width and stride; other windows take any width.
  let mostColumns: [DepthwiseWindow: Int]
  let imageColumns: Int
  let imageVectors: Int
  let pointwise: KernelFunction
  let strassen: KernelFunction
  let depthwise: KernelFunction
  let standard: KernelFunction
  let standardDirect: KernelFunction
  let image: KernelFunction
  let separable: KernelFunction
  let rollingBlock: KernelFunction
  let pooled: KernelFunction
  let reduction: KernelFunction
  let softmax: KernelFunction
  let maximumPooling: KernelFunction
  let averagePooling: KernelFunction
  /// Runs fused multiply-adds on registers; see `runArithmeticRoof`.
  package let arithmeticRoof: @Sendable (Int, UnsafeMutableRawPointer) -> Int
  package let readRoof: @Sendable (UnsafeRawPointer, Int) -> Float

  package var lanes: Int { instructionSet.channelBlock(.float32) }
  var usesFusedMultiplyAdd: Bool {
    #if arch(x86_64)
      instructionSet != .baseline
    #else
      true
    #endif
  }
}

extension FastKernelSet {
  static let baseline = FastKernelSet(
    instructionSet: .baseline, mostRows: [1: 10, 2: 5, 3: 3],
    mostColumns: [.init(3, 1): 7, .init(3, 2): 7, .init(5, 1): 5, .init(5, 2): 7],
    imageColumns: 5, imageVectors: 2,
    pointwise: DSKernelsBaseline.runPointwise, strassen: DSKernelsBaseline.runStrassen,
    depthwise: DSKernelsBaseline.runDepthwise,
    standard: DSKernelsBaseline.runStandard,
    standardDirect: DSKernelsBaseline.runStandardDirect, image: DSKernelsBaseline.runImage,
    separable: DSKernelsBaseline.runSeparable,
    rollingBlock: DSKernelsBaseline.runRollingBlock, pooled: DSKernelsBaseline.runPooled,
    reduction: DSKernelsBaseline.runReduction, softmax: DSKernelsBaseline.runSoftmax,
    maximumPooling: DSKernelsBaseline.runMaximumPooling,
    averagePooling: DSKernelsBaseline.runAveragePooling,
    arithmeticRoof: { DSKernelsBaseline.runArithmeticRoof(repetitions: $0, sink: $1) },
    readRoof: { DSKernelsBaseline.runReadRoof($0, byteCount: $1) })

  #if arch(x86_64)
    static let avx2 = FastKernelSet(
      instructionSet: .avx2, mostRows: [1: 12, 2: 6, 3: 4, 4: 2, 8: 1],
      mostColumns: [
        .init(3, 1): 8, .init(3, 2): 8, .init(5, 1): 8, .init(5, 2): 7, .init(7, 1): 6,
      ],
      imageColumns: 6, imageVectors: 2,
      pointwise: DSKernelsAVX2.runPointwise, strassen: DSKernelsAVX2.runStrassen,
      depthwise: DSKernelsAVX2.runDepthwise,
      standard: DSKernelsAVX2.runStandard,
      standardDirect: DSKernelsAVX2.runStandardDirect, image: DSKernelsAVX2.runImage,
      separable: DSKernelsAVX2.runSeparable,
      rollingBlock: DSKernelsAVX2.runRollingBlock, pooled: DSKernelsAVX2.runPooled,
      reduction: DSKernelsAVX2.runReduction, softmax: DSKernelsAVX2.runSoftmax,
      maximumPooling: DSKernelsAVX2.runMaximumPooling,
      averagePooling: DSKernelsAVX2.runAveragePooling,
      arithmeticRoof: { DSKernelsAVX2.runArithmeticRoof(repetitions: $0, sink: $1) },
      readRoof: { DSKernelsAVX2.runReadRoof($0, byteCount: $1) })

    static let avx512 = FastKernelSet(
      instructionSet: .avx512, mostRows: [1: 14, 2: 14, 3: 9, 4: 6, 8: 2],
      mostColumns: [
        .init(3, 1): 14, .init(3, 2): 14, .init(5, 1): 14, .init(5, 2): 7, .init(7, 1): 7,
      ],
      imageColumns: 14, imageVectors: 2,
      pointwise: DSKernelsAVX512.runPointwise, strassen: DSKernelsAVX512.runStrassen,
      depthwise: DSKernelsAVX512.runDepthwise,
      standard: DSKernelsAVX512.runStandard,
      standardDirect: DSKernelsAVX512.runStandardDirect, image: DSKernelsAVX512.runImage,
      separable: DSKernelsAVX512.runSeparable,
      rollingBlock: DSKernelsAVX512.runRollingBlock, pooled: DSKernelsAVX512.runPooled,
      reduction: DSKernelsAVX512.runReduction, softmax: DSKernelsAVX512.runSoftmax,
      maximumPooling: DSKernelsAVX512.runMaximumPooling,
      averagePooling: DSKernelsAVX512.runAveragePooling,
      arithmeticRoof: { DSKernelsAVX512.runArithmeticRoof(repetitions: $0, sink: $1) },
      readRoof: { DSKernelsAVX512.runReadRoof($0, byteCount: $1) })
  #endif

  /// All of this build, least demanding first.
  package static var all: [FastKernelSet] {
    #if arch(x86_64)
      [.baseline, .avx2, .avx512]
    #else
      [.baseline]
    #endif
  }
}
