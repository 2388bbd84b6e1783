/// A problem that cannot be, or a key that names none.
public enum ProblemError: Error, Equatable, CustomStringConvertible {
  case impossible(problem: String, reason: String)
  case malformedKey(key: String, reason: String)

  public var description: String {
    switch self {
    case .impossible(let problem, let reason):
      "problem '\(problem)' is impossible: \(reason)"
    case .malformedKey(let key, let reason):
      "'\(key)' is no problem key: \(reason); "
        + "a key looks like 'depthwise 3x3 s1 p1,1 112x112x32 relu6 f32'"
    }
  }
}
