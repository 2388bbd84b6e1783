import DSCore
import DSNetworks
import DSSchedule

extension JournalHeader {
  /// The request that the journal's run had.
  ///
  /// - Throws: `NetworkError`, or `JournalError.notAJournal` where a field is missing.
  public func request() throws -> TuningRequest {
    guard case .string(let name)? = fields["network"], let width = fields["width"]?.double,
      let resolution = fields["resolution"]?.exactInteger,
      let batch = fields["batch"]?.exactInteger, let threads = fields["threads"]?.exactInteger,
      (1...1 << 12).contains(threads), case .string(let isa)? = fields["isa"],
      let instructionSet = InstructionSet(rawValue: isa),
      case .string(let effortName)? = fields["effort"], let effort = Effort(rawValue: effortName),
      let seed = fields["seed"]?.exactInteger
    else { throw JournalError.notAJournal(path: "the journal") }
    var request = TuningRequest(
      network: try Network(model: name, width: width, resolution: resolution, batch: batch),
      instructionSet: instructionSet, processors: Array(0..<threads), effort: effort)
    request.seed = UInt64(bitPattern: Int64(seed))
    return request
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
