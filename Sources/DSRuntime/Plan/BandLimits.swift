import DSCore

/// From which size on maps are not stored, and how long the bands are in which they are gone through instead.
public struct BandLimits: Hashable, Sendable {
  /// Maps that lie beyond one cache.
  public struct Level: Hashable, Sendable {
    /// A larger map is gone through in bands of rows, where those that write and read it can be.
    public var mapBytes: Int
    /// What a chain's larger maps have for each of its operations, at least: bands make calls shorter, and weights come again for each.
    public var leastBytesPerFlop: Double

    public init(mapBytes: Int, leastBytesPerFlop: Double = 0) {
      self.mapBytes = mapBytes
      self.leastBytesPerFlop = leastBytesPerFlop
    }
  }

  /// Farthest from the core first: a step that is in a chain for its sake is in no other one.
  public var levels: [Level]
  /// A band has as many rows as one worker's rings of a whole chain have room for here, but two at least: with one, each row
  /// that a 3×3 window needs again is copied twice.
  public var ringBytes: Int
  /// What the worker with most rows computes, those at the seams that another one computes too among them, as a multiple of an equal
  /// share: where it would be more, the maps are stored. On two threads Xception's chain of 147 rows computes 1.02 of a share and takes
  /// 0.95 of the time, that of 74 rows 1.06 and 1.10 (Zen 5).
  public var mostComputed: Double

  public init(levels: [Level], ringBytes: Int, mostComputed: Double = 1.05) {
    self.levels = levels
    self.ringBytes = ringBytes
    self.mostComputed = mostComputed
  }

  /// Every map is stored.
  public static let never = BandLimits(levels: [], ringBytes: 0)

  /// Maps that come from memory, whatever a chain computes: Xception's of 5.6 MB gained 0.7 % in bands, those of 11 MB 0.5 to 5 %, by
  /// what neighbours take of the memory; those of 4 MB lost 0.3 %, with weights of 2 MB (Zen 5). Whatever the size of the
  /// last cache: L2 is closer.
  private static let memory = Level(mapBytes: 5 << 20)

  /// Maps that come from L3 pay where there is little to compute for them. MobileNet v2's four chains have 0.070 to 0.103 bytes for each flop and
  /// gain 2.4 % of the network on one thread and 4 on two, v1's first 0.077 and neither gains nor loses; v1's second 0.030 and loses
  /// 0.8 % of the network on one, Xception's middle less than 0.01 and loses 6 (Zen 5, L2 of 1 MiB; smaller maps lost on two threads).
  private static func l3(beyond l2Bytes: Int) -> Level {
    Level(mapBytes: max(l2Bytes, 1 << 20), leastBytesPerFlop: 0.05)
  }

  /// What pays on a machine: rings in three quarters of L2, which leaves room for the weights. MobileNet v2 on two threads takes 0.977 of the
  /// time with half of L2, 0.968 with three quarters (Zen 5).
  public init(_ machine: MachineDescription) {
    let l2Bytes = machine.cache(level: 2)?.byteCount
    self.init(
      levels: [Self.memory] + (l2Bytes.map { [Self.l3(beyond: $0)] } ?? []),
      ringBytes: (l2Bytes ?? 0) / 4 * 3)
  }
}
