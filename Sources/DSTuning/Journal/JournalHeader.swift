import DSCore
import DSKernels
import DSSchedule

/// What a journal's trials belong to. Trials of another machine, build or plan would be worth nothing, so
/// a journal is only continued where all of this is the same.
public struct JournalHeader: Sendable, Equatable {
  static let schema = "dstune.trials/1.0"

  /// Field by field, in the order in which differences are reported.
  public let fields: [String: JSONValue]
  /// Roofs are measured anew by every run, and the candidates depend on them: a continued run takes
  /// those of the first.
  public let roofs: [String: JSONValue]
  public let caches: [JSONValue]
  /// The core pattern of each number of workers that was tried.
  public let patterns: [Int: CorePattern]

  static let names = [
    "schema", "network", "width", "resolution", "batch", "dtype", "threads", "isa", "effort",
    "products", "seed", "shard", "problems", "references", "registry", "build", "cpu", "topology",
    "cores",
  ]

  /// - Parameter build: which program timed the trials.
  public init(
    _ request: TuningRequest, machine: MachineDescription, declared: MachineDescription,
    patterns: [Int: CorePattern], registry: Registry = .standard,
    build: String = ProgramIdentity.current
  ) {
    self.patterns = patterns
    let network = request.network
    var fields: [String: JSONValue] = [
      "schema": .string(Self.schema), "network": .string(network.name),
      "width": .number(network.width), "resolution": .integer(network.resolution),
      "batch": .integer(network.batch), "dtype": .string(network.elementType.rawValue),
      "threads": .integer(request.workers), "isa": .string(request.instructionSet.rawValue),
      "effort": .string(request.effort.rawValue),
      "seed": .integer(Int(truncatingIfNeeded: request.seed)),
      "registry": .string(registry.signature), "build": .string(build),
      "cpu": .string(declared.cpu), "topology": .string(declared.topologySignature),
      "cores": .array(
        patterns.sorted { $0.key < $1.key }.map { .string($0.value.description) }),
    ]
    // Absent in journals of earlier versions, and where all may compete.
    if request.products != .any { fields["products"] = .string(request.products.rawValue) }
    if let shard = request.shard {
      fields["shard"] = .string("\(shard.index)/\(shard.count)")
      fields["problems"] = .array(shard.problems.sorted().map(JSONValue.string))
      fields["references"] = .array(shard.references.map(JSONValue.string))
    }
    self.fields = fields
    roofs = MachineIdentity(machine).measured.mapValues(JSONValue.number)
    caches = machine.caches.map { .array([.integer($0.level), .integer($0.byteCount)]) }
  }

  /// `nil` for what no version of this program writes.
  init?(_ json: JSONValue) {
    guard case .object(let object) = json, case .object(let roofs)? = object["roofs"],
      case .array(let caches)? = object["caches"], case .array(let words)? = object["cores"],
      roofs.values.allSatisfy({ ($0.double ?? 0) > 0 }), caches.allSatisfy(Self.isCache)
    else { return nil }
    var patterns: [Int: CorePattern] = [:]
    for case .string(let word) in words {
      guard let pattern = CorePattern(word) else { return nil }
      patterns[pattern.workers] = pattern
    }
    self.patterns = patterns
    fields = object.filter { Self.names.contains($0.key) }
    self.roofs = roofs
    self.caches = caches
  }

  /// [level, bytes], of a size that can be multiplied.
  private static func isCache(_ value: JSONValue) -> Bool {
    guard case .array(let pair) = value, pair.count == 2, pair[0].exactInteger != nil,
      let bytes = pair[1].exactInteger
    else { return false }
    return 1...1 << 40 ~= bytes
  }

  var json: JSONValue {
    let machine: [String: JSONValue] = ["roofs": .object(roofs), "caches": .array(caches)]
    return .object(fields.merging(machine) { own, _ in own })
  }

  /// The first field in which `other` differs, with both values.
  package func difference(from other: JournalHeader) -> (
    field: String, here: String, there: String
  )? {
    for name in Self.names where fields[name]?.text != other.fields[name]?.text {
      return (name, Self.words(fields[name]), Self.words(other.fields[name]))
    }
    return nil
  }

  /// A value for a message: lists of problems would fill the screen.
  private static func words(_ value: JSONValue?) -> String {
    switch value {
    case nil: "absent"
    case .array(let items)? where items.count > 4: "a list of \(items.count)"
    case let value?: value.text
    }
  }

  /// `machine` with the roofs and cache sizes of the journal.
  public func restoring(_ machine: MachineDescription) -> MachineDescription {
    var identity = MachineIdentity(machine)
    identity.measured = roofs.compactMapValues(\.double)
    var result = machine
    result.roofs = identity.roofs
    for case .array(let pair) in caches where pair.count == 2 {
      guard let level = pair[0].exactInteger, let bytes = pair[1].exactInteger else { continue }
      for index in result.caches.indices where result.caches[index].level == level {
        result.caches[index].byteCount = bytes
      }
    }
    return result
  }
}
