import DSCore

/// A reason to trust a measurement less. Kept with the result; the text says what to do.
public enum MeasurementDoubt: Sendable, Hashable {
  // The machine.
  case governor(name: String, cpus: Int)
  case turbo
  case load(average: Double)
  case virtualMachine
  case siblings(cpu: Int, sibling: Int)
  case quota(cpus: Double, wanted: Int)
  case otherMeasurement
  case movingCores(least: Double, most: Double)
  case coresApart(barrierNanoseconds: Double, pattern: CorePattern)
  // The samples.
  case fewSamples(count: Int, needed: Int)
  case fewPasses(count: Int, needed: Int)
  case slowFirstRun(ratio: Double)
  case outliers(count: Int, samples: Int)
  case disturbedBlocks(count: Int, blocks: Int)
  case wideInterval(low: Double, high: Double, unit: String)
  case highNoiseFloor(ratio: Double)
  case droppedRounds(count: Int, rounds: Int, reason: BlockRecord.DropReason)
}

extension MeasurementDoubt: CustomStringConvertible {
  public var description: String {
    switch self {
    case .governor(let name, let cpus):
      "the frequency governor of \(cpus) CPU\(cpus == 1 ? "" : "s") is '\(name)': "
        + "set it to 'performance' (cpupower frequency-set -g performance)"
    case .turbo:
      "turbo is on, so the clock rate depends on temperature and neighbours: switch it off in "
        + "/sys/devices/system/cpu/ (intel_pstate/no_turbo, cpufreq/boost) for steadier times"
    case .load(let average):
      "the load average is \(Self.rounded(average)): end what else runs and measure again"
    case .virtualMachine:
      "this is a virtual machine, whose neighbours and topology may be hidden: compare only runs "
        + "from the same one, or measure on bare metal"
    case .siblings(let cpu, let sibling):
      "CPU \(cpu) shares its core with CPU \(sibling): keep that one idle, or switch SMT off "
        + "(/sys/devices/system/cpu/smt/control)"
    case .quota(let cpus, let wanted):
      "a cgroup quota allows \(Self.rounded(cpus)) of \(wanted) CPUs: raise cpu.max, or use fewer threads"
    case .otherMeasurement:
      "another dstune or dsbench measures on this machine at the same time: wait for its end and "
        + "measure again"
    case .movingCores(let least, let most):
      "a barrier of the threads took \(Int(least.rounded())) ns and \(Int(most.rounded())) ns at different "
        + "times: their cores do not lie equally close all the time; compare only runs taken in turns"
    case .coresApart(let nanoseconds, let pattern):
      "the topology says that the cores of \(pattern) share a cache, but no barrier took "
        + "less than \(Int(nanoseconds.rounded())) ns, as between cores that share none: a hypervisor may have moved them; "
        + "compare only runs taken in turns, and tune again when they are back"
    case .fewSamples(let count, let needed):
      "\(count) samples are too few for an interval (\(needed) are needed): allow more time"
    case .fewPasses(let count, let needed):
      "the samples are of \(count) pass\(count == 1 ? "" : "es"), too few for an interval (\(needed) are "
        + "needed): allow more time"
    case .slowFirstRun(let ratio):
      "the first run took \(Self.rounded(ratio)) times the median: a cold start; warm up longer, or "
        + "compare first runs with first runs"
    case .outliers(let count, let samples):
      "\(count) of \(samples) samples are outliers: something interrupted; close other programs and "
        + "measure again"
    case .disturbedBlocks(let count, let blocks):
      "\(count) of \(blocks) blocks were disturbed and do not count: other programs had the core, or they took far "
        + "longer than the others"
    case .wideInterval(let low, let high, let unit):
      "the interval of \(Self.rounded(low))–\(Self.rounded(high)) \(unit) is wider than a factor of two: end what else "
        + "runs and measure again"
    case .highNoiseFloor(let ratio):
      "the same code differs from itself by \(Self.percent(ratio)): smaller gains cannot be seen; "
        + "pin the clock rate and end what else runs"
    case .droppedRounds(let count, let rounds, let reason):
      "\(count) of \(rounds) rounds were dropped (\(reason.rawValue)): "
        + (reason == .migration
          ? "pin the threads to their cores" : "pin the clock rate, or let the machine cool down")
    }
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static func percent(_ ratio: Double) -> String { "\(rounded((ratio - 1) * 100)) %" }
}

extension MeasurementDoubt {
  /// Above this nothing useful can be decided.
  public static let noiseFloorLimit = 1.05

  /// What the times of a barrier say of where the threads' cores lie. Where a hypervisor moves one to another cache,
  /// MobileNet v2 takes 1.15 to 1.2 times as long on two threads, and a barrier 4 times (Zen 4, 114 and 470 ns).
  ///
  /// - Parameter pattern: where the topology says that they lie, if it says so of a cache; `nil` where nobody asks.
  public static func doubts(
    barrierNanoseconds: [Double], pattern: CorePattern? = nil
  ) -> [Self] {
    guard let least = barrierNanoseconds.min(), let most = barrierNanoseconds.max() else {
      return []
    }
    if most > 2 * least { return [.movingCores(least: least, most: most)] }
    // How it grows with more threads was not measured.
    if let pattern, pattern.cacheDomains == 1, pattern.workers == 2, least > apartNanoseconds {
      return [.coresApart(barrierNanoseconds: least, pattern: pattern)]
    }
    return []
  }

  /// The same, where the topology may know no cache of the pattern's level, and so cannot be contradicted.
  public static func doubts(
    barrierNanoseconds: [Double], pattern: CorePattern?, on machine: MachineDescription
  ) -> [Self] {
    let known = pattern.flatMap { machine.cache(level: $0.cacheLevel) == nil ? nil : $0 }
    return doubts(barrierNanoseconds: barrierNanoseconds, pattern: known)
  }

  /// Between the barriers of two threads with a shared cache (70 to 165 ns, Zen 3, 4 and 5) and without (234 to 700).
  private static let apartNanoseconds = 200.0

  /// Doubts that a sample raises by itself, its values in the order they were taken.
  ///
  /// - Parameter passes: in how many passes they were taken; `nil` where each is independent.
  public static func doubts(
    inSamples samples: [Double], passes: Int? = nil, confidence: Double = 0.95
  ) -> [Self] {
    let needed = MedianInterval.smallestCount(confidence: confidence)
    guard let sorted = SortedSample(samples) else { return [.fewSamples(count: 0, needed: needed)] }
    var doubts: [Self] = []
    if samples.count < needed {
      doubts.append(.fewSamples(count: samples.count, needed: needed))
    } else if let passes, passes < needed {
      doubts.append(.fewPasses(count: passes, needed: needed))
    }
    let scores = ModifiedZScores(samples)
    if samples.count > 2, scores.scores[0] > ModifiedZScores.timingThreshold, sorted.median > 0 {
      doubts.append(.slowFirstRun(ratio: samples[0] / sorted.median))
    }
    let others = ModifiedZScores(Array(samples.dropFirst()))
    if others.outlierCount() > 0 {
      doubts.append(.outliers(count: others.outlierCount(), samples: samples.count))
    }
    return doubts
  }

  /// Doubts about noise, from an A/A run.
  public static func doubts(noiseFloor: NoiseFloor) -> [Self] {
    noiseFloor.ratio > noiseFloorLimit ? [.highNoiseFloor(ratio: noiseFloor.ratio)] : []
  }
}
