import DSCore

extension InstructionSet {
  /// What the vendor's manuals promise for a model, for machines that cannot be asked: a guess that
  /// never promises too much. Older and unlisted models get the baseline.
  static func known(vendor: String, family: Int, model: Int) -> InstructionSet {
    knownModels.first {
      $0.vendor == vendor && $0.family == family && $0.models.contains(model)
    }?.instructionSet ?? .baseline
  }

  private struct KnownModels: Sendable {
    var vendor: String
    var family: Int
    var models: [Int]
    var instructionSet: InstructionSet
  }

  /// The first row that fits counts.
  private static let knownModels: [KnownModels] = [
    // Zen 5; Zen 4 (Genoa, Raphael, Phoenix, Bergamo); Zen 3; Zen to Zen 2, also as Hygon.
    row("AuthenticAMD", 26, Array(0...255), .avx512),
    row("AuthenticAMD", 25, Array(0x10...0x1f) + Array(0x60...0x7f) + Array(0xa0...0xaf), .avx512),
    row("AuthenticAMD", 25, Array(0...255), .avx2),
    row("AuthenticAMD", 23, Array(0...255), .avx2),
    row("HygonGenuine", 24, Array(0...255), .avx2),
    // Skylake-SP to Cooper Lake, Ice Lake-SP, Sapphire, Emerald and Granite Rapids.
    row("GenuineIntel", 6, [85, 106, 108, 143, 207, 173, 174], .avx512),
    // Cannon, Ice (client), Tiger and Rocket Lake.
    row("GenuineIntel", 6, [102, 125, 126, 140, 141, 167], .avx512),
    // Haswell and Broadwell.
    row("GenuineIntel", 6, [60, 63, 69, 70, 61, 71, 79, 86], .avx2),
    // Skylake to Comet Lake (client).
    row("GenuineIntel", 6, [78, 94, 142, 158, 165, 166], .avx2),
    // Alder, Raptor, Meteor, Arrow and Lunar Lake; Gracemont and Sierra Forest.
    row("GenuineIntel", 6, [151, 154, 183, 186, 191, 170, 172, 197, 198, 189, 190, 175], .avx2),
    // Knights Landing and Mill: AVX-512 F and CD, but neither BW, DQ nor VL.
    row("GenuineIntel", 6, [87, 133], .avx2),
  ]

  private static func row(
    _ vendor: String, _ family: Int, _ models: [Int], _ instructionSet: InstructionSet
  ) -> KnownModels {
    KnownModels(vendor: vendor, family: family, models: models, instructionSet: instructionSet)
  }
}
