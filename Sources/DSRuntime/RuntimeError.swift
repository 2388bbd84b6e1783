import DSCore
import Glibc

/// Why a network cannot be prepared or run.
public enum RuntimeError: Error, Equatable, CustomStringConvertible {
  case noKernel(layer: String, problem: String)
  case instructionSetMissing(asked: InstructionSet, best: InstructionSet)
  case tooManyThreads(asked: Int, available: Int)
  /// `code` is the system's error number.
  case threadRefused(code: Int32)
  /// What the machine has, `ulimit -v` or `-d`, or the control group leaves less than these bytes.
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
    case .threadRefused(let code):
      "the system refused a thread: \(String(cString: strerror(code))); ask for fewer threads, or raise "
        + "the limit on processes (ulimit -u, the cgroup's pids.max) or memory (ulimit -v)"
    case .outOfMemory(let byteCount):
      MemoryShortage(byteCount: byteCount).description
    case .wrongInputCount(let given, let needed):
      "the input has \(given) values and the network takes \(needed)"
    case .wrongOutputCount(let given, let needed):
      "the output has room for \(given) values and the network gives \(needed)"
    }
  }
}

extension RuntimeError: MemoryError {
  package var memoryShortage: MemoryShortage? {
    if case .outOfMemory(let byteCount) = self { .init(byteCount: byteCount) } else { nil }
  }

  package init(_ shortage: MemoryShortage) {
    self = .outOfMemory(byteCount: shortage.byteCount)
  }

  /// What `body` gives; memory that is missing is an error of this room.
  package static func forWantOfMemory<Result>(
    _ body: () throws(MemoryShortage) -> Result
  ) throws(RuntimeError) -> Result {
    do throws(MemoryShortage) {
      return try body()
    } catch {
      throw RuntimeError(error)
    }
  }
}
