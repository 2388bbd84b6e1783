import DSCore
import DSMeasurement

/// One measured kernel on one problem, with every sample kept.
public struct BenchmarkRecord: Sendable {
  /// How a record compares with the fastest of its problem, in the words of the results.
  public enum Verdict: Sendable, Equatable {
    case compared(RatioVerdict)
    /// It is the one that the others are compared with.
    case fastest

    public var text: String {
      switch self {
      case .compared(let verdict): verdict.rawValue
      case .fastest: "fastest"
      }
    }
  }

  public var problem: String
  public var kernel: String
  public var instructionSet: InstructionSet
  public var threads: Int
  public var parameters: [String: Int]
  /// "warm", "network" or "cold".
  public var cache: String
  /// Where it `isTooWide` nobody should be told its numbers.
  public let microseconds: MedianInterval
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
  /// Whether another one may be as fast as this reference, for all that the ratios say.
  public var isContested = false
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
  /// Blocks that other programs disturbed, and so are not among them.
  public var disturbedBlocks = 0
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
    microseconds = interval
    doubts = MeasurementDoubt.doubts(
      inSamples: samplesNanoseconds, passes: groups.count { !$0.isEmpty })
  }

  /// `nil` without anything to compare with.
  public var verdict: Verdict? {
    if isReference { return isContested ? .compared(.undecided) : .fastest }
    return relativeSpeed.map { .compared(RatioVerdict($0, noiseFloor: noiseFloor)) }
  }

  /// Why the time has no number, or the comparison no verdict; `nil` where both have.
  public var indecision: String? {
    let reasons = [
      Indecision(time: microseconds, unit: "µs")?.description,
      relativeSpeed.flatMap {
        isReference ? nil : Indecision(speed: $0, noiseFloor: noiseFloor)?.description
      },
      isReference && isContested ? "whether another kernel is faster is not shown" : nil,
    ].compactMap { $0 }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// Cycles of one run, all threads together; `nil` where the kernel counts none.
  public var cyclesPerRun: Double? { perRun(counts?.cycles) }
  /// Instructions of one run, all threads together; `nil` where the kernel counts none.
  public var instructionsPerRun: Double? { perRun(counts?.instructions) }

  private func perRun(_ count: UInt64?) -> Double? {
    countedRuns > 0 ? count.map { Double($0) / Double(countedRuns) } : nil
  }

  /// Fills in rates from the work of one run, where its time is known.
  public mutating func setWork(flops: Int, bytes: Int) {
    guard microseconds.median > 0, !microseconds.isTooWide else { return }
    gigaflops = Double(flops) / microseconds.median / 1000
    gigabytesPerSecond = Double(bytes) / microseconds.median / 1000
  }
}
