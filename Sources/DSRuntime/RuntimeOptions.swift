import DSCore

/// How a network is to be run. The defaults use what the process may use.
public struct RuntimeOptions: Sendable {
  /// Threads that share one inference; `nil`: as many as the schedule was made for, or else one a core.
  public var threads: Int?
  /// Use no more than this; `nil`: the best of the CPU.
  public var instructionSet: InstructionSet?
  /// Whether the helping threads are bound to one core each.
  public var bindsThreads = true
  /// How long the helping threads spin for the next inference before they sleep, 0 to 3 600 000 000 (an
  /// hour); the nearest of these where it is something else.
  public var idleSpinMicroseconds = 200

  public init(threads: Int? = nil, instructionSet: InstructionSet? = nil) {
    self.threads = threads
    self.instructionSet = instructionSet
  }
}
