import DSCore
import DSKernels

/// The measured ceiling that binds a problem: arithmetic, or the bandwidth of the closest level that holds
/// all that the problem must move.
/// - Source: Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009,
///   doi:10.1145/1498765.1498785.
public struct ProblemRoof: Sendable {
  /// What binds: "FMA", "L1", "L2", "L3" or "DRAM".
  public let bound: String
  /// The least time the ceiling allows.
  public let microseconds: Double

  /// - Parameters:
  ///   - kernel: whose multiply-adds count, where it does fewer than the formula has; those of the formula for `nil`.
  ///   - together: what several cores reach at once. Without it every core counts with what it reaches
  ///     alone, which is too much where cores share a cache or the memory.
  ///   - bytesHeld: of one core, where it comes round again before all that the problem moves has passed.
  public init(
    _ problem: Problem, by kernel: Kernel? = nil, workers: Int, machine: MachineDescription,
    together: CrewBandwidth? = nil, bytesHeld: Int? = nil
  ) {
    let roofs = machine.roofs
    let crew = Double(workers)
    let multiplyAdds = kernel?.multiplyAdds(problem) ?? problem.multiplyAdds
    let arithmetic =
      Double(2 * multiplyAdds) / ((roofs.fmaGigaflopsPerCore ?? .infinity) * crew) / 1000
    let bytes = Double(problem.compulsoryBytes)
    let levels: [(name: String, level: Int, rate: Double?)] = [
      ("L1", 1, roofs.l1GigabytesPerSecond), ("L2", 2, roofs.l2GigabytesPerSecond),
      ("L3", 3, roofs.l3GigabytesPerSecond),
    ]
    let holding = levels.first { entry in
      machine.cacheShare(level: entry.level, workers: workers)
        .map { bytesHeld.map(Double.init) ?? (bytes / crew) <= Double($0) } ?? false
    }
    // A level whose rate is unknown is left to the memory's, both alone and together.
    let cache = holding?.rate == nil ? nil : holding
    let one = cache?.rate ?? roofs.dramGigabytesPerSecond ?? .infinity
    let total = together.flatMap { all in
      (cache.map { all.levels[$0.level] } ?? all.memory).map {
        all.ceiling(workers: workers, total: $0, one: one)
      }
    }
    let traffic = bytes / (total ?? one * crew) / 1000
    bound = arithmetic >= traffic ? "FMA" : holding?.name ?? "DRAM"
    microseconds = max(arithmetic, traffic)
  }
}
