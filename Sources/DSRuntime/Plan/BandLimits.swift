import DSCore

/// From which size on maps are not stored, and how long the bands are in which they are gone through instead.
public struct BandLimits: Hashable, Sendable {
  /// A larger map is gone through in bands of rows, where those that write and read it can be.
  public var mapBytes: Int
  /// A band has as many rows as one worker's rings of a whole chain have room for here, but two at least: with one, each row
  /// that a 3×3 window needs again is copied twice.
  public var ringBytes: Int
  /// What the worker with most rows computes, those at the seams that another one computes too among them, as a multiple of an equal
  /// share: where it would be more, the maps are stored. On two threads Xception's chain of 147 rows computes 1.02 of a share and takes
  /// 0.95 of the time, that of 74 rows 1.06 and 1.10 (Zen 5).
  public var mostComputed: Double

  public init(mapBytes: Int, ringBytes: Int, mostComputed: Double = 1.05) {
    self.mapBytes = mapBytes
    self.ringBytes = ringBytes
    self.mostComputed = mostComputed
  }

  /// Every map is stored.
  public static let never = BandLimits(mapBytes: .max, ringBytes: 0)

  /// MobileNet v2's map of 4.8 MB gained nothing (0.996–1.006 of the time with bands of four and eight rows), Xception's of
  /// 5.6 MB 0.7 %, those of 11 MB 0.5 to 5 %, by what neighbours take of the memory (Zen 5). Whatever the size of the last cache: L2 is
  /// closer.
  private static let mapBytes = 5 << 20

  /// What pays on a machine: rings in L2.
  public init(_ machine: MachineDescription) {
    self.init(mapBytes: Self.mapBytes, ringBytes: machine.cache(level: 2)?.byteCount ?? 0)
  }
}
