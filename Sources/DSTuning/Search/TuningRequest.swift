import DSCore
import DSNetworks

/// What is to be tuned, and how.
public struct TuningRequest: Sendable {
  public var network: Network
  public var instructionSet: InstructionSet
  /// The processors to run on, the first one the calling thread's, and the pattern they form.
  public var processors: [Int]
  public var effort: Effort
  /// The whole tuning's limit in seconds; `nil` for none.
  public var seconds: Double?
  /// Of everything that is drawn at random: orders, audits, data.
  public var seed: UInt64 = 1

  /// Which kernels may compete.
  public var products: ProductRule = .any

  /// Replaces the effort's number of rounds.
  public var maximumRounds: Int?
  /// Whether only recorded trials count and nothing is run.
  public var isReplay = false
  /// Whether the plan that was tried in the whole network is kept, whatever it was shown to gain.
  public var isAccepting = false
  /// Doubts of whoever asks, about the machine for one, which the schedule keeps.
  public var notes: [String] = []
  /// The part of the problems to race, where several machines share them.
  public var shard: Shard?

  public init(
    network: Network, instructionSet: InstructionSet, processors: [Int], effort: Effort = .measure,
    seconds: Double? = nil
  ) {
    self.network = network
    self.instructionSet = instructionSet
    self.processors = processors
    self.effort = effort
    self.seconds = seconds
  }

  public var workers: Int { processors.count }
}
