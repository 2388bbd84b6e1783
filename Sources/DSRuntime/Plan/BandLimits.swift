import DSKernels

/// From which size on maps are not stored, and how long the bands are in which they are gone through instead.
public struct BandLimits: Hashable, Sendable {
  /// A larger map is gone through in bands of rows, where those that write and read it can be, and with it the maps before and
  /// after that are more than half as large.
  public var mapBytes: Int
  /// A band has as many rows as one worker's rings of a whole chain have room for here, but two at least: with one, each row
  /// that a 3×3 window needs again is copied twice.
  public var ringBytes: Int
  /// What all workers compute together, those rows twice that two of them need, as a multiple of what one does: where it would be
  /// more, the maps are stored.
  public var mostComputed: Double

  public init(mapBytes: Int, ringBytes: Int, mostComputed: Double = 1.05) {
    self.mapBytes = mapBytes
    self.ringBytes = ringBytes
    self.mostComputed = mostComputed
  }

  /// Every map is stored.
  public static let never = BandLimits(mapBytes: .max, ringBytes: 0)

  /// MobileNet v2's map of 4.8 MB gained nothing where 4 MiB of L3 could be counted on (0.996–1.006 of the time with bands of
  /// four and eight rows), Xception's of 5.6 MB next to nothing (0.993), those of 11 MB 0.5 to 5 %, by what neighbours take
  /// of the memory.
  private static let leastMapBytes = 8 << 20

  /// What pays on a machine, as far as is known: maps that its last cache cannot be counted on for, and rings in L2.
  public init(_ model: CostModel) {
    self.init(
      mapBytes: max(Self.leastMapBytes, model.countedL3Bytes ?? 0),
      ringBytes: model.machine.cache(level: 2)?.byteCount ?? 0)
  }
}
