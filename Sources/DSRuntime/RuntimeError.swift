import DSCore
import Glibc

/// Why a network cannot be prepared or run.
public enum RuntimeError: Error, Equatable, CustomStringConvertible {
  case noKernel(layer: String, problem: String)
  case instructionSetMissing(asked: InstructionSet, best: InstructionSet)
  case tooManyThreads(asked: Int, available: Int)
  /// `code` is the system's error number.
  case threadRefused(code: Int32)
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
      "there is no memory for \(Self.mebibytes(byteCount)) MiB; use a smaller batch or resolution"
    case .wrongInputCount(let given, let needed):
      "the input has \(given) values and the network takes \(needed)"
    case .wrongOutputCount(let given, let needed):
      "the output has room for \(given) values and the network gives \(needed)"
    }
  }

  /// Rounded up, so that a small buffer is not "0 MiB".
  private static func mebibytes(_ byteCount: Int) -> Int {
    byteCount >> 20 + (byteCount % (1 << 20) > 0 ? 1 : 0)
  }
}
