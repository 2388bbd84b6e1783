import DSCore

/// What a tuning run tells while it runs.
public enum TuningEvent: Sendable {
  /// Work done and in all, in units of expected time.
  case progress(completed: Double, total: Double, label: String)
  case noise(ratio: Double)
  case problem(ProblemResult)
  /// A doubt or a fallback, in one sentence.
  case warning(String)
}
