/// Why a machine has no core set for a request.
public enum CoreSetError: Error, Hashable, Sendable {
  case noWorkers(Int)
  case tooManyWorkers(Int, cores: Int, processors: Int)
}

extension CoreSetError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noWorkers(let workers):
      "\(workers) threads cannot work; ask for at least 1"
    case .tooManyWorkers(let workers, let cores, let processors) where workers > processors:
      "\(workers) threads asked for, but this process may use \(cores) cores "
        + "with \(processors) processors; ask for at most \(cores)"
    case .tooManyWorkers(let workers, let cores, _):
      "\(workers) threads cannot be spread evenly over the hardware threads of \(cores) cores; "
        + "ask for at most \(cores), one a core"
    }
  }
}
