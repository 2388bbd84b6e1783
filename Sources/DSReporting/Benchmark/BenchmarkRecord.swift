import DSCore
import DSMeasurement
import DSSchedule

/// One measured kernel on one problem, with every sample kept.
public struct BenchmarkRecord: Sendable {
  /// How a record compares with the reference of its problem.
  public enum Verdict: String, Sendable {
    case faster
    case slower
    case noDifference = "no difference shown"
    case tooFewSamples = "too few samples"
    /// It is the one that the others are compared with.
    case reference = "fastest"
  }

  public var problem: String
  public var kernel: String
  public var instructionSet: InstructionSet
  public var threads: Int
  public var parameters: [String: Int]
  /// "warm", "network" or "cold".
  public var cache: String
  public var microseconds: MeasuredInterval
  public var gigaflops: Double?
  public var gigabytesPerSecond: Double?
  public var percentOfRoof: Double?
  /// Which roof: "fma", "l2", "dram", …
  public var bound: String?
  /// The greatest absolute difference from the reference result.
  public var maximumError: Double?
  public var isCorrect: Bool?
  /// The reference's time divided by this one's; greater than 1 is faster.
  public var relativeSpeed: PairedRatio?
  /// Whether the others of the problem are compared with this one.
  public var isReference = false
  /// Below this ratio no difference is claimed.
  public var noiseFloor: Double
  public var doubts: [MeasurementDoubt]
  /// What happened during all timed blocks together, in all threads; `nil` where nobody counted.
  public var counts: EventCounts?
  /// Runs in those blocks.
  public var countedRuns = 0
  /// The command line that measures this record alone.
  public var reproduce: String?
  /// Nanoseconds per run of every valid block, in the order they were taken.
  public var samplesNanoseconds: [Double]
  /// How many of them are of each pass; `nil` where there were none.
  public let passes: [Int]?

  /// Takes median, interval and the doubts the samples raise from the samples.
  ///
  /// - Parameter passes: how many of the samples are of each pass: the interval then comes from the passes'
  ///   medians, and from the samples themselves where it is `nil`.
  /// - Precondition: There is a sample, and passes have as many as there are.
  public init(
    problem: String, kernel: String, instructionSet: InstructionSet, threads: Int,
    parameters: [String: Int] = [:], cache: String, samplesNanoseconds: [Double],
    passes: [Int]? = nil, noiseFloor: Double = 1
  ) {
    guard
      let groups = Passes.groups(
        samplesNanoseconds.map { $0 / 1000 }, sizes: passes ?? samplesNanoseconds.map { _ in 1 }),
      let interval = MedianInterval(runToRunTimes: groups)
    else {
      preconditionFailure(
        "a record of \(problem) by \(kernel) with \(samplesNanoseconds.count) samples in passes of "
          + "\(passes ?? [])")
    }
    self.problem = problem
    self.kernel = kernel
    self.instructionSet = instructionSet
    self.threads = threads
    self.parameters = parameters
    self.cache = cache
    self.noiseFloor = noiseFloor
    self.samplesNanoseconds = samplesNanoseconds
    self.passes = passes
    microseconds = MeasuredInterval(
      median: interval.median, low: interval.low, high: interval.high, samples: interval.count)
    doubts = MeasurementDoubt.doubts(
      inSamples: samplesNanoseconds, passes: groups.count { !$0.isEmpty })
  }

  /// Beyond this ratio, in each of so many pairs, a difference needs no statistics.
  static let grossRatio = 2.0
  static let grossPairs = 3

  /// `nil` without anything to compare with.
  public var verdict: Verdict? {
    if isReference { return .reference }
    guard let relativeSpeed else { return nil }
    if relativeSpeed.pairs >= Self.grossPairs {
      if relativeSpeed.low > Self.grossRatio { return .faster }
      if relativeSpeed.high < 1 / Self.grossRatio { return .slower }
    }
    guard relativeSpeed.isSufficient else { return .tooFewSamples }
    if relativeSpeed.low > noiseFloor { return .faster }
    return relativeSpeed.high < 1 / noiseFloor ? .slower : .noDifference
  }

  /// Cycles of one run, all threads together; `nil` where the kernel counts none.
  public var cyclesPerRun: Double? { perRun(counts?.cycles) }
  /// Instructions of one run, all threads together; `nil` where the kernel counts none.
  public var instructionsPerRun: Double? { perRun(counts?.instructions) }

  private func perRun(_ count: UInt64?) -> Double? {
    countedRuns > 0 ? count.map { Double($0) / Double(countedRuns) } : nil
  }

  /// Fills in rates from the work of one run.
  public mutating func setWork(flops: Int, bytes: Int) {
    guard microseconds.median > 0 else { return }
    gigaflops = Double(flops) / microseconds.median / 1000
    gigabytesPerSecond = Double(bytes) / microseconds.median / 1000
  }
}
