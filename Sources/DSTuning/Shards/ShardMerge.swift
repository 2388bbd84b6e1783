import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSSchedule

/// What remains to be decided when the shards of one tuning have been merged: which blocks to fuse, and
/// whether one machine was unlike the others.
public struct ShardMerge: Sendable {
  public let schedule: Schedule
  /// A sentence for each shard whose reference problems ran at another speed than the others'.
  public let oddShards: [String]

  /// Above this a shard's reference times are not those of the same machine.
  private static let tolerance = 1.05

  /// - Parameters:
  ///   - merged: all shards' entries together.
  ///   - shards: the schedules as they came, with the names of their files.
  public init(
    _ merged: Schedule, shards: [(name: String, schedule: Schedule)], network: Network
  ) {
    var schedule = merged
    let times = Dictionary(
      merged.entries.map { ($0.problem, $0.microseconds.median) }, uniquingKeysWith: min)
    let chain = ChainPlan(network) { problem in
      times[problem.key] ?? (problem.stages.count == 1 ? .infinity : nil)
    }
    let fused = Set(chain.fused.map(\.key))
    schedule.entries = merged.entries.filter { entry in
      (try? Problem(key: entry.problem))?.stages.count == 1 || fused.contains(entry.problem)
    }
    // Of a plan of one shard, too: it is the whole tuning now.
    schedule.findings?.outcomeName = TuningOutcome.merged.rawValue
    self.schedule = schedule
    oddShards = Self.oddShards(shards)
  }

  private static func oddShards(_ shards: [(name: String, schedule: Schedule)]) -> [String] {
    let common =
      shards.map { Set($0.schedule.entries.map(\.problem)) }
      .reduce(nil as Set<String>?) { $0?.intersection($1) ?? $1 } ?? []
    return shards.compactMap { shard in
      let others = shards.filter { $0.name != shard.name }
      let ratios = common.sorted().compactMap { key -> Double? in
        let theirs = SortedSample(
          others.compactMap { $0.schedule.entry(for: key)?.microseconds.median })?.median
        guard let own = shard.schedule.entry(for: key)?.microseconds.median, own > 0,
          let theirs, theirs > 0
        else { return nil }
        return own / theirs
      }.sorted()
      guard !ratios.isEmpty else { return nil }
      let ratio = ratios[ratios.count / 2]
      guard ratio > tolerance || ratio < 1 / tolerance else { return nil }
      let percent = (abs(ratio - 1) * 1000).rounded() / 10
      return "\(shard.name): its reference problems took \(percent) % "
        + "\(ratio > 1 ? "more" : "less") time than the others'; its machine may be another kind or busy"
    }
  }
}
