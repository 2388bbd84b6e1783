import DSCore

/// Why a network cannot be prepared or run.
public enum RuntimeError: Error, Equatable, CustomStringConvertible {
  case noKernel(layer: String, problem: String)
  case instructionSetMissing(asked: InstructionSet, best: InstructionSet)
  case tooManyThreads(asked: Int, available: Int)
  case outOfMemory(byteCount: Int)
  case wrongInputCount(given: Int, needed: Int)
  case wrongOutputCount(given: Int, needed: Int)

  public var description: String {
    switch self {
    case .noKernel(let layer, let problem):
      "layer '\(layer)' cannot run: no kernel of this build accepts '\(problem)'"
    case .instructionSetMissing(let asked, let best):
      "this CPU has no \(asked.rawValue); the best it has is \(best.rawValue)"
    case .tooManyThreads(let asked, let available):
      "\(asked) threads were asked for, and this process may use \(available) "
        + "core\(available == 1 ? "" : "s"); ask for 1 to \(available)"
    case .outOfMemory(let byteCount):
      "there is no memory for \(byteCount >> 20) MiB; use a smaller batch or resolution"
    case .wrongInputCount(let given, let needed):
      "the input has \(given) values and the network takes \(needed)"
    case .wrongOutputCount(let given, let needed):
      "the output has room for \(given) values and the network gives \(needed)"
    }
  }
}
