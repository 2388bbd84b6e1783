import DSCore

/// What one core does a cycle with vectors of an instruction set.
struct VectorRates {
  /// Only the proportion of arithmetic to traffic depends on it.
  static let assumedGigahertz = 3.5

  let lanes: Double
  /// Fused multiply-adds of full vectors a cycle.
  let multiplyAdds: Double
  let loads: Double
  /// Cycles from a multiply-add to the next that needs it.
  let latency = 4.0

  init(_ instructionSet: InstructionSet, _ machine: MachineDescription) {
    lanes = Double(instructionSet.channelBlock(.float32))
    switch instructionSet {
    case .baseline:
      multiplyAdds = 1
      loads = 1
    case .avx2:
      multiplyAdds = 2
      loads = 2
    case .avx512:
      // Zen 4 runs 512-bit operations in two halves: measured 1.0 multiply-adds a cycle, Zen 5 2.0.
      let halved = machine.cpu.hasPrefix("AuthenticAMD/25/")
      multiplyAdds = halved ? 1 : 2
      loads = halved ? 1 : 2
    }
  }

  /// Cycles for one step of a tile: `multiplyAddCount` independent sums, `loadCount` vector loads.
  func step(multiplyAddCount: Double, loadCount: Double) -> Double {
    max(multiplyAddCount / multiplyAdds, loadCount / loads, latency)
  }
}
