/// What became of the plan that a tuning tried in the whole network, and why.
public enum TuningOutcome: String, Sendable, CaseIterable {
  /// It was shown to be faster than the default by as much as was asked for.
  case kept
  /// It was not shown to be, and is kept because the user said so.
  case accepted
  /// It is faster, but the threads' cores moved while it was timed, and more is asked for then.
  case coresMoved = "cores moved"
  /// It is faster, but the threads' cores lie farther apart than the topology says, and more is asked for then.
  case coresApart = "cores apart"
  /// It is faster, but copies of the default differ by as much.
  case tooNoisy = "too noisy"
  /// It is faster, by less than is found again by the next run.
  case tooSmall = "too small"
  /// The interval of its gain has no gain in it.
  case notShown = "not shown"
  /// It is slower than the default for certain.
  case slower
  /// Nothing that was timed made a plan other than the default.
  case nothingBetter = "nothing better"
  /// The whole network was timed, but not often enough.
  case tooFewRounds = "too few rounds"
  /// The tuning stopped before the whole network was timed.
  case stopped
  /// The whole network could not be timed; a warning says why.
  case notTimed = "not timed"
  /// Nothing was timed at all.
  case predicted
  /// A part of the problems was timed, by one of several machines.
  case shard
  /// Entries of several tunings, which nobody timed together.
  case merged
}
