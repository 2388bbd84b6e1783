import DSCore

/// What one core does a cycle with vectors of an instruction set.
struct VectorRates {
  /// Only the proportion of arithmetic to traffic depends on it.
  static let assumedGigahertz = 3.5

  let lanes: Double
  /// Fused multiply-adds of full vectors a cycle.
  let multiplyAdds: Double
  /// Loads of full vectors a cycle.
  let loads: Double
  /// Loads of single values into all lanes a cycle.
  let broadcasts: Double
  /// Of a step's loads, what does not hide behind its multiply-adds: nothing on a core of one's own, 0.6 where a neighbour's
  /// thread loads too, and we do not know which it is. Tiles of 14×2, 9×3 and 6×4 from L1 take as long as each other in quiet
  /// moments and 1.36, 1.25 and 1.22 times that in others (AVX-512, Xeon of family 6, model 207). On Zen 5 inside networks
  /// 56×56×128→128 takes 399 µs in tiles of 5×4, 404 of 9×3, 409 of 4×4 and 421 of 6×2. Not measured elsewhere.
  var contention = 0.0
  /// Sums whose clamping and storing hides behind the next tile, and cycles for each one more.
  private var hiddenSums = 14.0
  private var cyclesPerLateSum = 5.0
  /// The widest depthwise tiles that have two rows: 3×3, stride 1, no pre-activation (Scripts/generate-tiles).
  let twoRowColumns: Int
  /// Fewer cycles no step takes: four from a multiply-add to the next that needs it, and what is lost where no other is ready
  /// (Zen 5: ten sums make 1.93 multiply-adds a cycle, twelve 2.0).
  let latency = 5.2

  init(_ instructionSet: InstructionSet, _ machine: MachineDescription) {
    lanes = Double(instructionSet.channelBlock(.float32))
    switch instructionSet {
    case .baseline:
      multiplyAdds = 1
      loads = 1
      broadcasts = 1
      twoRowColumns = 3
    case .avx2:
      multiplyAdds = 2
      loads = 2
      broadcasts = 2
      twoRowColumns = 4
    case .avx512:
      // Zen 4 runs 512-bit operations in two halves: measured 1.0 multiply-adds a cycle, Zen 5 2.0.
      let halved = machine.cpu.hasPrefix("AuthenticAMD/25/")
      multiplyAdds = halved ? 1 : 2
      loads = halved ? 1 : 2
      broadcasts = 2
      twoRowColumns = 10
      if machine.cpu.hasPrefix("GenuineIntel/") { contention = 0.2 }
      if machine.cpu.hasPrefix("AuthenticAMD/26/") {
        contention = 0.05
        hiddenSums = 10
        cyclesPerLateSum = 2
      }
    }
  }

  /// Cycles for one step of a tile: `multiplyAddCount` independent sums, so many vector loads and broadcasts.
  func step(multiplyAddCount: Double, loadCount: Double, broadcastCount: Double = 0) -> Double {
    let loadCycles = loadCount / loads + broadcastCount / broadcasts
    return max(multiplyAddCount / multiplyAdds, loadCycles, latency)
      + contention * loadCycles
  }

  /// Cycles between the last step of a tile and the first of the next that nothing else fills.
  ///
  /// Sums of up to fourteen vectors are clamped and stored while the next tile computes; larger tiles fill the
  /// reorder buffer (Zen 4: 112×112×16→96 in tiles of 14×1, 6×4 and 14×2 loses 7, 35 and 78 cycles a tile; Zen 5: of 4×3, 6×2, 6×3, 9×3
  /// and 14×2 loses 11, 14, 23, 42 and 52).
  func tileGap(sums: Double) -> Double { 5 + cyclesPerLateSum * max(0, sums - hiddenSums) }
}
