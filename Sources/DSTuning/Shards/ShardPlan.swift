import DSCore
import DSKernels
import DSNetworks
import DSSchedule

/// How the problems of one network are divided among machines of one kind: a plain file, so that a job array,
/// `mpirun` or GNU parallel can do the distributing.
///
/// One problem's race never spans machines. Every shard also races the same few reference problems, so that
/// merging can tell a machine that is not like the others.
public struct ShardPlan: Sendable, Equatable {
  static let schema = "dstune.plan/1.0"

  public let model: String
  public let width: Double
  public let resolution: Int
  public let batch: Int
  public let threads: Int
  public let effort: Effort
  /// `nil` in plans of earlier versions: each machine's best.
  public let instructionSet: InstructionSet?
  /// The pattern of the cores to use; `nil` for as many as there are threads.
  public let cores: String?
  public let seed: UInt64
  public let products: ProductRule
  /// Keys of the problems of each shard.
  public let shards: [[String]]
  public let references: [String]

  /// Problems in descending cost, each to the shard with the least to do so far.
  /// - Source: Graham, "Bounds on Multiprocessing Timing Anomalies", SIAM J. Appl. Math. 17(2), 1969,
  ///   doi:10.1137/0117039.
  public init(_ tuner: Tuner, model: String, cores: String? = nil, shardCount: Int) {
    precondition(shardCount >= 1, "\(shardCount) shards")
    let request = tuner.request
    self.model = model
    width = request.network.width
    resolution = request.network.resolution
    batch = request.network.batch
    threads = request.workers
    effort = request.effort
    instructionSet = request.instructionSet
    self.cores = cores
    seed = request.seed
    products = request.products
    var shards = [[String]](repeating: [], count: shardCount)
    var load = [Double](repeating: 0, count: shardCount)
    let spaces = tuner.searchSpaces().map { ($0.problem.key, tuner.expectedSeconds($0)) }
    for (key, seconds) in spaces.sorted(by: { ($1.1, $0.0) < ($0.1, $1.0) }) {
      let target = load.indices.min { load[$0] < load[$1] } ?? 0
      shards[target].append(key)
      load[target] += seconds
    }
    self.shards = shards
    references = spaces.map(\.0).filter { $0.hasPrefix("pointwise") || $0.hasPrefix("depthwise") }
      .prefix(3).map { $0 }
  }

  /// Whether the schedules of all shards are there.
  ///
  /// - Parameter problems: keys of the entries of all of them.
  /// - Throws: `ShardPlanError.missing`.
  public func expectComplete(_ problems: Set<String>) throws(ShardPlanError) {
    let missing = shards.joined().filter { !problems.contains($0) }
    guard !missing.isEmpty else { return }
    throw .missing(
      missing.sorted(), shards: shards.indices.filter { !problems.isSuperset(of: shards[$0]) })
  }

  /// - Returns: `nil` for an index that the plan does not have.
  public func shard(_ index: Int) -> Shard? {
    guard shards.indices.contains(index) else { return nil }
    return Shard(
      index: index, count: shards.count, problems: Set(shards[index] + references),
      references: references)
  }
}

extension ShardPlan {
  public var json: JSONValue {
    func list(_ keys: [String]) -> JSONValue { .array(keys.map(JSONValue.string)) }
    var object: [String: JSONValue] = [
      "schema": .string(Self.schema), "model": .string(model), "width": .number(width),
      "resolution": .integer(resolution), "batch": .integer(batch), "threads": .integer(threads),
      "effort": .string(effort.rawValue), "shards": .array(shards.map(list)),
      "references": list(references), "seed": .integer(Int(truncatingIfNeeded: seed)),
    ]
    if products != .any { object["products"] = .string(products.rawValue) }
    object["isa"] = instructionSet.map { .string($0.rawValue) }
    object["cores"] = cores.map(JSONValue.string)
    return .object(object)
  }

  /// - Throws: `ShardPlanError` for anything that is no plan of this version.
  public init(_ json: JSONValue) throws(ShardPlanError) {
    guard case .object(let object) = json, object["schema"] == .string(Self.schema) else {
      throw .notAPlan
    }
    func strings(_ value: JSONValue?) -> [String]? {
      guard case .array(let values)? = value else { return nil }
      let texts = values.compactMap { value -> String? in
        if case .string(let text) = value { text } else { nil }
      }
      return texts.count == values.count ? texts : nil
    }
    guard case .string(let model)? = object["model"], let width = object["width"]?.double,
      let resolution = object["resolution"]?.exactInteger,
      let batch = object["batch"]?.exactInteger,
      let threads = object["threads"]?.exactInteger, threads > 0,
      case .string(let effortName)? = object["effort"], let effort = Effort(rawValue: effortName),
      case .array(let lists)? = object["shards"], let references = strings(object["references"]),
      let products = ProductRule(file: object["products"])
    else { throw .notAPlan }
    let shards = lists.compactMap { strings($0) }
    guard shards.count == lists.count, !shards.isEmpty else { throw .notAPlan }
    self.model = model
    self.width = width
    self.resolution = resolution
    self.batch = batch
    self.threads = threads
    self.effort = effort
    self.products = products
    (instructionSet, cores, seed) = try Self.machine(object)
    self.shards = shards
    self.references = references
  }
}

extension ShardPlan {
  /// Fields that plans of earlier versions do not have.
  private static func machine(
    _ object: [String: JSONValue]
  ) throws(ShardPlanError) -> (InstructionSet?, cores: String?, seed: UInt64) {
    func text(_ name: String) throws(ShardPlanError) -> String? {
      switch object[name] {
      case nil: return nil
      case .string(let text)?: return text
      default: throw .notAPlan
      }
    }
    let name = try text("isa")
    let instructionSet = name.flatMap(InstructionSet.init)
    let cores = try text("cores")
    let seed = object["seed", default: .integer(1)].exactInteger
    guard (name == nil) == (instructionSet == nil), let seed,
      cores.map({ CorePattern($0) != nil }) ?? true
    else { throw .notAPlan }
    return (instructionSet, cores, UInt64(bitPattern: Int64(seed)))
  }
}
