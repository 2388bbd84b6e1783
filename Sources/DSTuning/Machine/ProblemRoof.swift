import DSCore

/// The measured ceiling that binds a problem: arithmetic, or the bandwidth of the closest level that holds
/// all that the problem must move.
/// - Source: Williams, Waterman and Patterson, "Roofline", CACM 52(4), 2009,
///   doi:10.1145/1498765.1498785.
public struct ProblemRoof: Sendable {
  /// What binds: "FMA", "L1", "L2", "L3" or "DRAM".
  public let bound: String
  /// The least time the ceiling allows.
  public let microseconds: Double

  public init(_ problem: Problem, workers: Int, machine: MachineDescription) {
    let roofs = machine.roofs
    let crew = Double(workers)
    let arithmetic =
      Double(problem.flops) / ((roofs.fmaGigaflopsPerCore ?? .infinity) * crew) / 1000
    let bytes = Double(problem.compulsoryBytes)
    let levels: [(name: String, level: Int, rate: Double?)] = [
      ("L1", 1, roofs.l1GigabytesPerSecond), ("L2", 2, roofs.l2GigabytesPerSecond),
      ("L3", 3, roofs.l3GigabytesPerSecond),
    ]
    let holding = levels.first { entry in
      machine.cacheShare(level: entry.level, workers: workers)
        .map { bytes / crew <= Double($0) } ?? false
    }
    let rate = holding?.rate ?? roofs.dramGigabytesPerSecond ?? .infinity
    let traffic = bytes / (rate * crew) / 1000
    bound = arithmetic >= traffic ? "FMA" : holding?.name ?? "DRAM"
    microseconds = max(arithmetic, traffic)
  }
}
