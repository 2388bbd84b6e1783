import DSCore

/// Why a schedule's choice of kernel cannot be used.
public enum KernelError: Error, Equatable, CustomStringConvertible {
  case unknownKernel(id: String)
  case missingInstructionSet(kernel: String, needs: InstructionSet, has: InstructionSet)
  case unsuitable(kernel: String, problem: String)
  case illegalParameters(kernel: String, reason: String)

  public var description: String {
    switch self {
    case .unknownKernel(let id):
      "kernel '\(id)' is not in this build"
    case .missingInstructionSet(let kernel, let needs, let has):
      "kernel '\(kernel)' needs \(needs.rawValue), and only \(has.rawValue) may be used here"
    case .unsuitable(let kernel, let problem):
      "kernel '\(kernel)' cannot run '\(problem)' here"
    case .illegalParameters(let kernel, let reason):
      "parameters of kernel '\(kernel)' are not usable: \(reason)"
    }
  }
}
