/// How far two runs of the same code lay apart.
public struct NoiseRecord: Sendable, Equatable {
  /// The ratio below which no gain is claimed, from timing the default against itself.
  public var floorRatio: Double
  /// The shortest and the longest time that a barrier of all threads took between the races, nanoseconds: whether their
  /// cores shared a cache. `nil` for one thread.
  public var leastBarrierNanoseconds: Double?
  public var mostBarrierNanoseconds: Double?
  public var unknown: [String: JSONValue] = [:]

  /// - Parameter barrierNanoseconds: all times of a barrier.
  public init(floorRatio: Double, barrierNanoseconds: [Double] = []) {
    self.floorRatio = floorRatio
    leastBarrierNanoseconds = barrierNanoseconds.min()
    mostBarrierNanoseconds = barrierNanoseconds.max()
  }
}

extension NoiseRecord: FileObject {
  init() { self.init(floorRatio: 1) }

  static let fields: [FileField<NoiseRecord>] = [
    .required("aa_ratio", \.floorRatio, .magnitude),
    .optional("barrier_ns_low", \.leastBarrierNanoseconds, .magnitude),
    .optional("barrier_ns_high", \.mostBarrierNanoseconds, .magnitude),
  ]
}
