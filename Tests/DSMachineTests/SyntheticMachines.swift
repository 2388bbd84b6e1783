/// Machines that exist nowhere, with what must be found in them.
enum SyntheticMachines {
  struct Expected: Sendable, CustomStringConvertible {
    var notation: String
    var counts: MachineCounts

    init(_ notation: String, _ counts: MachineCounts) {
      self.notation = notation
      self.counts = counts
    }

    var description: String { notation }
  }

  static let expected: [Expected] = [
    Expected("pack:2 l3:4 l2:8 core:1 pu:2", MachineCounts(64, 128, 2, 1, 8, 3)),
    Expected("pack:1 l3:1 l2:1 l1:1 core:1 pu:1", MachineCounts(1, 1, 1, 1, 1, 3)),
    Expected("pack:1 core:1 pu:2", MachineCounts(1, 2, 1, 1, 1, 3)),
    Expected("pack:1 l2:4 l1:1 core:1 pu:1", MachineCounts(4, 4, 1, 1, 4, 2)),
    Expected("pack:1 l2:2 l1:4 core:1 pu:4", MachineCounts(8, 32, 1, 1, 2, 2)),
    Expected("pack:2 [numa] l3:12 l2:8 l1:1 core:1 pu:2", MachineCounts(192, 384, 2, 2, 24, 3)),
    Expected("numa:8 l3:1 core:6 pu:1", MachineCounts(48, 48, 1, 8, 8, 3)),
    Expected("pack:1 core:8 pu:1", MachineCounts(8, 8, 1, 1, 1, 3)),
    Expected("pack:2 [numa] core:3 pu:1", MachineCounts(6, 6, 2, 2, 2, 3)),
    Expected("pu:3", MachineCounts(3, 3, 1, 1, 1, 3)),
    Expected("pack:1 l1:384 core:1 pu:1", MachineCounts(384, 384, 1, 1, 384, 1)),
    Expected(
      "pack:1 l3:3(size=96MB) l2:5(size=1280KB) l1:1(size=48KB) core:1 pu:2",
      MachineCounts(15, 30, 1, 1, 3, 3)),
    Expected("pack:1 die:2 l3:2 l2:2 core:2 pu:1", MachineCounts(16, 16, 1, 1, 4, 3)),
  ]
}
