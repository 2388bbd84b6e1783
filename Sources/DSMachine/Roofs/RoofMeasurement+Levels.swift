import DSCore
import Glibc

extension RoofMeasurement {
  /// Reads the cache levels off `latencyCurve`, beside what is declared.
  ///
  /// Where fewer levels than declared can be told apart, a knee counts only for a declared level
  /// of about its size: it may confirm the level, but not refute it. Where none are declared, every
  /// knee becomes a level.
  package mutating func interpret(declared: [MachineDescription.Cache]) {
    let plateaus = LatencyPlateaus(latencyCurve, levels: declared.isEmpty ? 3 : declared.count)
    levels = declared.map { Level(level: $0.level, declaredBytes: $0.byteCount) }
    if declared.isEmpty { levels = plateaus.capacities.indices.map { Level(level: $0 + 1) } }

    let isComplete = plateaus.capacities.count == levels.count
    for (knee, index) in zip(plateaus.capacities.indices, assignment(of: plateaus.capacities)) {
      let capacity = plateaus.capacities[knee]
      guard isComplete || distance(capacity, levels[index].declaredBytes) <= 1 else { continue }
      levels[index].measuredBytes = capacity
      levels[index].latencyNanoseconds = plateaus.nanoseconds[knee]
    }
    memoryLatencyNanoseconds = plateaus.capacities.isEmpty ? nil : plateaus.nanoseconds.last
  }

  /// For every knee the level it belongs to, ascending.
  private func assignment(of capacities: [Int]) -> [Int] {
    if capacities.count == levels.count { return Array(levels.indices) }
    var first = 0
    return capacities.enumerated().map { position, capacity in
      // As many levels must stay free as knees follow.
      let last = levels.count - (capacities.count - position)
      let nearest = (first...last).min {
        distance(capacity, levels[$0].declaredBytes) < distance(capacity, levels[$1].declaredBytes)
      }
      first = (nearest ?? last) + 1
      return first - 1
    }
  }

  /// In octaves.
  private func distance(_ capacity: Int, _ declared: Int?) -> Double {
    abs(log2(Double(max(1, capacity)) / Double(max(1, declared ?? 1))))
  }
}
