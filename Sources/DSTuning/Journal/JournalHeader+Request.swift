import DSCore
import DSNetworks
import DSSchedule

extension JournalHeader {
  /// The request that the journal's run had.
  ///
  /// - Parameters:
  ///   - model: a name or a network file, for a network that the journal's name does not find.
  ///   - path: of the journal, for the error.
  /// - Throws: `NetworkError`, or `JournalError.notAJournal` where a field is missing or senseless.
  public func request(
    model: String? = nil, path: String = "the journal"
  ) throws -> TuningRequest {
    guard case .string(let name)? = fields["network"], let width = fields["width"]?.double,
      let resolution = fields["resolution"]?.exactInteger,
      let batch = fields["batch"]?.exactInteger
    else { throw JournalError.notAJournal(path: path) }
    let network = try Network(
      model: model ?? name, width: width, resolution: resolution, batch: batch)
    return try request(network: network, path: path)
  }

  /// The same for a network that is known.
  public func request(
    network: Network, path: String = "the journal"
  ) throws(JournalError) -> TuningRequest {
    guard case .string(Self.schema)? = fields["schema"],
      let threads = fields["threads"]?.exactInteger, (1...1 << 12).contains(threads),
      patterns[threads] != nil, case .string(let isa)? = fields["isa"],
      let instructionSet = InstructionSet(rawValue: isa),
      case .string(let effortName)? = fields["effort"], let effort = Effort(rawValue: effortName),
      let seed = fields["seed"]?.exactInteger, let products = ProductRule(file: fields["products"])
    else { throw .notAJournal(path: path) }
    var request = TuningRequest(
      network: network, instructionSet: instructionSet, processors: Array(0..<threads),
      effort: effort)
    request.seed = UInt64(bitPattern: Int64(seed))
    request.products = products
    request.shard = shard
    return request
  }

  /// The part of a divided tuning that the run was.
  private var shard: Shard? {
    func strings(_ name: String) -> [String] {
      guard case .array(let values)? = fields[name] else { return [] }
      return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
    guard case .string(let part)? = fields["shard"] else { return nil }
    let numbers = part.split(separator: "/").compactMap { Int($0) }
    guard numbers.count == 2 else { return nil }
    return Shard(
      index: numbers[0], count: numbers[1], problems: Set(strings("problems")),
      references: strings("references"))
  }

  /// Why the journal's trials mean nothing on `machine`, or `nil`.
  public func machineDifference(from machine: MachineDescription) -> String? {
    let here: [(String, JSONValue)] = [
      ("cpu", .string(machine.cpu)), ("topology", .string(machine.topologySignature)),
    ]
    for (name, value) in here where fields[name]?.text != value.text {
      return "its \(name) is \(fields[name]?.text ?? "absent") and this one's is \(value.text)"
    }
    return nil
  }
}
