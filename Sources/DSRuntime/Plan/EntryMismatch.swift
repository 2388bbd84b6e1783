/// Why one entry of a schedule is not used.
enum EntryMismatch: Error, CustomStringConvertible {
  case machine(String)
  case key(String)
  case cores(String)
  case tooManyWorkers(needs: Int, has: Int)
  case compatibility(kernel: String)
  case kernel(String)

  var description: String {
    switch self {
    case .machine(let reason), .key(let reason), .kernel(let reason): reason
    case .cores(let text): "'\(text)' is no core pattern"
    case .tooManyWorkers(let needs, let has): "it needs \(needs) threads and \(has) may be used"
    case .compatibility(let kernel):
      "kernel '\(kernel)' means something else in this build (another compatibility hash)"
    }
  }
}
