import CSystem
import DSCore

/// The one table of every kernel. The same rows feed dispatch, the tuner's search space, the tests,
/// `dsbench list kernels` and the compatibility hash of schedules; adding a kernel is one file and one row.
public struct Registry: Sendable {
  public let kernels: [Kernel]
  private let byID: [String: Kernel]

  package init(_ kernels: [Kernel]) {
    self.kernels = kernels
    byID = Dictionary(kernels.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    precondition(byID.count == kernels.count, "two kernels have one id")
    for kernel in kernels {
      precondition(
        Set(kernel.parameters.map(\.name)).count == kernel.parameters.count,
        "\(kernel.id) has two parameters of one name")
    }
  }

  /// Every kernel of this build.
  public static let standard = Registry(
    readableKernels + FastKernelSet.all.flatMap(vectorKernels))

  /// - Throws: `KernelError.unknownKernel`.
  public func kernel(id: String) throws(KernelError) -> Kernel {
    guard let kernel = byID[id] else { throw .unknownKernel(id: id) }
    return kernel
  }

  /// The kernels that can run `problem`, simplest rung first.
  public func kernels(
    for problem: Problem, upTo instructionSet: InstructionSet, workers: Int
  ) -> [Kernel] {
    let block = instructionSet.channelBlock(problem.elementType)
    return kernels.filter {
      $0.instructionSet <= instructionSet
        && $0.accepts(problem, workers: workers, channelBlock: block)
    }
  }

  /// The best instruction set that both this CPU and this build have.
  public static let bestInstructionSet: InstructionSet = {
    if cs_cpu_has_avx512() != 0 { return .avx512 }
    return cs_cpu_has_avx2_fma() != 0 ? .avx2 : .baseline
  }()

  /// A fingerprint of all rows' compatibility hashes. A schedule keeps it to show which
  /// build made it; entries are checked one by one whatever it says.
  public var signature: String {
    kernels.map(\.compatibility).sorted().reduce(into: Fingerprint()) { $0.add($1) }.text
  }
}

extension Kernel {
  /// Changes when what a schedule says of this kernel would mean something else: its id, its
  /// parameters' names and legal ranges, or its numeric class.
  public var compatibility: String {
    var fingerprint = Fingerprint()
    fingerprint.add(id)
    for axis in parameters { fingerprint.add("\(axis.name) \(axis.legal)") }
    fingerprint.add(numericClass.rawValue)
    return fingerprint.text
  }
}
