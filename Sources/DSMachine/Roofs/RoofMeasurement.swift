/// What one core reached on this machine, and what that says about the declared caches.
public struct RoofMeasurement: Hashable, Sendable, Codable {
  /// One cache level.
  public struct Level: Hashable, Sendable, Codable {
    public var level: Int
    /// What hwloc says; `nil` where it does not know the level.
    public var declaredBytes: Int?
    /// Where the latency rises to that of the next level, within a third; `nil` where it was not
    /// seen to rise.
    public var measuredBytes: Int?
    /// Of dependent loads from the level, in random order inside a page and of the pages.
    public var latencyNanoseconds: Double?
    /// Read by one core from half of the level's size.
    public var gigabytesPerSecond: Double?

    package init(level: Int, declaredBytes: Int? = nil, measuredBytes: Int? = nil) {
      self.level = level
      self.declaredBytes = declaredBytes
      self.measuredBytes = measuredBytes
    }

    /// Whether declared and measured size are more than a factor of two apart.
    public var disagrees: Bool {
      guard let declaredBytes, let measuredBytes else { return false }
      return measuredBytes > 2 * declaredBytes || 2 * measuredBytes < declaredBytes
    }

    /// The size to plan with: the declared one, which is exact, unless the measurement refutes it.
    public var byteCount: Int? { disagrees ? measuredBytes : declaredBytes ?? measuredBytes }
  }

  /// Latency of dependent loads from a working set.
  public struct LatencyPoint: Hashable, Sendable, Codable {
    public var byteCount: Int
    public var nanoseconds: Double

    package init(byteCount: Int, nanoseconds: Double) {
      self.byteCount = byteCount
      self.nanoseconds = nanoseconds
    }
  }

  /// The processor it was measured on.
  public var processor: Int
  public var fmaGigaflopsPerCore: Double?
  public var levels: [Level] = []
  public var memoryGigabytesPerSecond: Double?
  public var memoryLatencyNanoseconds: Double?
  public var latencyCurve: [LatencyPoint] = []
  /// Doubts about the measurement itself, a sentence each.
  public var warnings: [String] = []
  public var elapsedSeconds: Double = 0

  package init(processor: Int) { self.processor = processor }

  /// Where hwloc and the measurement differ by more than a factor of two, a sentence each.
  public var disagreements: [String] {
    levels.filter(\.disagrees).map { level in
      "L\(level.level) is declared with \(ByteText.rounded(level.declaredBytes ?? 0)) but behaves "
        + "like \(ByteText.rounded(level.measuredBytes ?? 0)); plans use the measured size"
    }
  }
}
