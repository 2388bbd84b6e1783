import DSCore

/// One row of the registry: everything others need to know of an implementation.
public struct Kernel: Sendable {
  /// The stable name in schedules: `f32-depthwise-3x3s1-simd__avx512`.
  public let id: String
  public let operation: Operator
  public let method: KernelMethod
  public let instructionSet: InstructionSet
  public let elementType: ElementType
  /// The channel block its tensors must have; `nil` for kernels that take any.
  public let channelBlock: Int?
  public let parameters: [ParameterAxis]
  /// Which results are bit-identical: kernels of one class perform the same roundings in the same order.
  public let numericClass: NumericClass
  public let summary: String
  /// Whether register tiles exist for the window, or it has a loop for any; of depthwise kernels.
  let isWindowTiled: Bool
  let acceptsShape: @Sendable (Problem) -> Bool
  /// Whether values that are legal one by one are legal together.
  let acceptsValues: @Sendable (KernelParameters) -> Bool
  let packing: @Sendable (Problem, KernelParameters) -> [Packing]
  let scratch: @Sendable (Problem, KernelParameters, _ channelBlock: Int) -> Int
  public let run: KernelFunction
  /// Whether it copies every window's values side by side before it multiplies.
  var gathersPatches = false
  /// Whether it takes its share from `KernelCall.nextPiece` piece by piece where there is one.
  public internal(set) var hasPieces = false
  /// Where it cuts a problem's product for Strassen's algorithm, which makes seven products of eight; `nil` for the
  /// kernels that multiply as the formula says.
  var halves: (@Sendable (Problem) -> ProductHalves)?

  public enum NumericClass: String, Sendable, Hashable {
    /// Bias first, then products in ascending order, each with one rounding.
    case fusedMultiplyAdd = "fma"
    /// The same order, product and sum rounded separately.
    case multiplyThenAdd = "mul-add"
    /// An order of its own, which depends on the vector length.
    case ownOrder = "own"
  }

  /// Kernels with the same group give the same bits.
  public var numericGroup: String {
    if !multipliesAsWritten { return "strassen__\(instructionSet.rawValue)" }
    return numericClass == .ownOrder ? id : numericClass.rawValue
  }

  /// Whether each output is the sum of the formula's own products. Without a schedule only such kernels run.
  public var multipliesAsWritten: Bool { halves == nil }

  /// Multiply-adds of the problem that it does, padding not counted: fewer than the formula has by Strassen's algorithm.
  public func multiplyAdds(_ problem: Problem) -> Int {
    halves?(problem).multiplyAdds(problem.output) ?? problem.multiplyAdds
  }

  /// Whether it is one of the rungs that are there to be read and compared with; the others are made of vectors.
  public var isReadable: Bool { method == .naive || method == .tiled || method == .im2col }

  /// Whether several workers may share one call.
  public var isParallel: Bool { method == .threaded || method == .fused }

  /// How many of so many workers a call is made with: one where they cannot share it.
  public func usableWorkers(of workers: Int) -> Int { isParallel ? workers : 1 }
}

extension Kernel {
  /// Whether the kernel can run `problem` with `workers` threads on tensors with that channel block.
  public func accepts(_ problem: Problem, workers: Int, channelBlock: Int) -> Bool {
    problem.operation == operation && problem.elementType == elementType
      && (self.channelBlock ?? channelBlock) == channelBlock
      && (workers == 1 ? method != .threaded : true) && acceptsShape(problem)
  }

  /// How to pack each stage's weights.
  public func packings(_ problem: Problem, _ parameters: KernelParameters) -> [Packing] {
    packing(problem, parameters)
  }

  /// Scratch bytes that each worker needs, a multiple of 64.
  public func scratchBytesPerWorker(
    _ problem: Problem, _ parameters: KernelParameters, channelBlock: Int
  ) -> Int {
    (scratch(problem, parameters, channelBlock) + 63) / 64 * 64
  }

  /// All combinations of parameter values worth trying.
  public func candidates(_ context: ParameterAxis.Context) -> [KernelParameters] {
    var combinations: [[Int]] = [[]]
    for axis in parameters {
      let values = axis.values(context)
      combinations = combinations.flatMap { prefix in values.map { prefix + [$0] } }
    }
    return combinations.map { KernelParameters($0) }.filter(acceptsValues)
  }

  /// The values by name, as schedules write them.
  public func named(_ values: KernelParameters) -> [String: Int] {
    let list = [values.p0, values.p1, values.p2, values.p3, values.p4, values.p5]
    return Dictionary(uniqueKeysWithValues: zip(parameters.map(\.name), list))
  }

  /// Reads values by name and checks them.
  ///
  /// - Throws: `KernelError.illegalParameters` for a missing or unknown name, or a value with which the
  ///   kernel cannot run.
  public func values(named: [String: Int]) throws(KernelError) -> KernelParameters {
    var list: [Int] = []
    for axis in parameters {
      guard let value = named[axis.name] else {
        throw .illegalParameters(kernel: id, reason: "'\(axis.name)' is missing")
      }
      guard axis.legal.contains(value) else {
        let range = "\(axis.legal.lowerBound) to \(axis.legal.upperBound)"
        throw .illegalParameters(kernel: id, reason: "'\(axis.name)' is \(value), not \(range)")
      }
      list.append(value)
    }
    let known = Set(parameters.map(\.name))
    if let unknown = named.keys.sorted().first(where: { !known.contains($0) }) {
      throw .illegalParameters(kernel: id, reason: "it has no parameter '\(unknown)'")
    }
    let values = KernelParameters(list)
    guard acceptsValues(values) else {
      throw .illegalParameters(kernel: id, reason: "these values do not go together")
    }
    return values
  }
}
