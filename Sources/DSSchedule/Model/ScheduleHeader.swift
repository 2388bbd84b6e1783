import DSCore

/// The network a schedule was made for.
public struct NetworkIdentity: Sendable, Equatable {
  public var name: String
  /// The width multiplier α.
  public var width: Double
  /// Height and width of the input image in pixels.
  public var resolution: Int
  public var batch: Int
  public var elementType: ElementType
  public var unknown: [String: JSONValue] = [:]

  public init(
    name: String, width: Double = 1, resolution: Int, batch: Int = 1,
    elementType: ElementType = .float32
  ) {
    self.name = name
    self.width = width
    self.resolution = resolution
    self.batch = batch
    self.elementType = elementType
  }
}

extension NetworkIdentity: FileObject {
  init() { self.init(name: "", resolution: 1) }

  static let fields: [FileField<NetworkIdentity>] = [
    .required("name", \.name, .text),
    .required("width", \.width, .magnitude),
    .required("resolution", \.resolution, .integer(atLeast: 1)),
    .defaulted("batch", \.batch, .integer(atLeast: 1), 1),
    .required("dtype", \.elementType, .name),
  ]
}

/// What made a schedule.
public struct ToolIdentity: Sendable, Equatable {
  public var version: String
  /// A hash over all kernels' compatibility hashes.
  public var registry: String
  public var unknown: [String: JSONValue] = [:]

  public init(version: String, registry: String) {
    self.version = version
    self.registry = registry
  }

  /// Version of this package.
  public static let packageVersion = "0.1.0"
}

extension ToolIdentity: FileObject {
  init() { self.init(version: "", registry: "") }

  static let fields: [FileField<ToolIdentity>] = [
    .required("version", \.version, .text),
    .required("registry", \.registry, .text),
  ]
}

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

/// The whole network, default against tuned.
public struct NetworkResult: Sendable, Equatable {
  public var defaultMilliseconds: Double
  public var tunedMilliseconds: Double
  /// Time of the default divided by the tuned time, with its interval.
  public var ratio: Double
  public var low: Double
  public var high: Double
  public var unknown: [String: JSONValue] = [:]

  public init(
    defaultMilliseconds: Double, tunedMilliseconds: Double, ratio: Double, low: Double, high: Double
  ) {
    self.defaultMilliseconds = defaultMilliseconds
    self.tunedMilliseconds = tunedMilliseconds
    self.ratio = ratio
    self.low = low
    self.high = high
  }
}

extension NetworkResult: FileObject {
  init() {
    self.init(defaultMilliseconds: 0, tunedMilliseconds: 0, ratio: 1, low: 1, high: 1)
  }

  static let fields: [FileField<NetworkResult>] = [
    .required("default_ms", \.defaultMilliseconds, .magnitude),
    .required("tuned_ms", \.tunedMilliseconds, .magnitude),
    .required("ratio", \.ratio, .magnitude),
    .required("low", \.low, .magnitude),
    .required("high", \.high, .magnitude),
  ]
}
