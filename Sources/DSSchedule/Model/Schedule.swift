import DSCore

/// For one network on one machine: the winning kernel for every problem, and why.
///
/// The entries are always in the order of their problems' keys, so that equal schedules are equal
/// files.
public struct Schedule: Sendable, Equatable {
  /// The version the file was written in, or the current one, whichever is newer.
  public internal(set) var schema: SchemaVersion
  public var network: NetworkIdentity
  public var tool: ToolIdentity
  public var machine: MachineIdentity
  public var threads: Int
  /// The most the kernels may use, where the machine could do more; `nil` for no limit.
  public var instructionSetLimit: InstructionSet?
  public var noise: NoiseRecord?
  /// At most one entry a problem.
  public var entries: [ScheduleEntry] { didSet { sortEntries() } }
  public var networkResult: NetworkResult?
  /// What was found out, kept or not; `nil` in files of earlier versions.
  public var findings: TuningFindings?
  /// Doubts about the measurement, each a sentence that says what to do.
  public var warnings: [String]
  /// Fields of newer versions and of other tools, kept when the file is rewritten.
  public var unknown: [String: JSONValue]

  public init(
    network: NetworkIdentity, tool: ToolIdentity, machine: MachineIdentity, threads: Int,
    instructionSetLimit: InstructionSet? = nil, noise: NoiseRecord? = nil,
    entries: [ScheduleEntry] = [], networkResult: NetworkResult? = nil,
    findings: TuningFindings? = nil, warnings: [String] = [], unknown: [String: JSONValue] = [:]
  ) {
    schema = .current
    self.network = network
    self.tool = tool
    self.machine = machine
    self.threads = threads
    self.instructionSetLimit = instructionSetLimit
    self.noise = noise
    self.entries = entries
    self.networkResult = networkResult
    self.findings = findings
    self.warnings = warnings
    self.unknown = unknown
    sortEntries()
  }

  /// The entry for a problem key; binary search.
  public func entry(for problem: String) -> ScheduleEntry? {
    var range = entries[...]
    while !range.isEmpty {
      let middle = range.startIndex + range.count / 2
      if range[middle].problem == problem { return range[middle] }
      range = range[middle].problem < problem ? range[(middle + 1)...] : range[..<middle]
    }
    return nil
  }

  /// What a person should know before using it, besides the warnings of whoever made it.
  public var notices: [String] {
    guard schema.minor > SchemaVersion.current.minor else { return [] }
    return [
      "the schedule is written in \(schema), newer than \(SchemaVersion.current) of this version: "
        + "what only the newer one knows is ignored (and kept)"
    ]
  }

  private mutating func sortEntries() {
    let inOrder = zip(entries, entries.dropFirst()).allSatisfy { $0.problem <= $1.problem }
    if !inOrder { entries.sort { $0.problem < $1.problem } }
  }
}

extension Schedule: FileObject {
  init() {
    self.init(
      network: NetworkIdentity(), tool: ToolIdentity(), machine: MachineIdentity(), threads: 1)
  }

  static let fields: [FileField<Schedule>] = [
    .required("schema", \.schema, .schemaVersion),
    .required("network", \.network, .object),
    .required("tool", \.tool, .object),
    .required("machine", \.machine, .object),
    .required("threads", \.threads, .integer(atLeast: 1)),
    .optional("isa_limit", \.instructionSetLimit, .name),
    .optional("noise", \.noise, .object),
    .required("entries", \.entries, .list(.object)),
    .optional("network_result", \.networkResult, .object),
    .optional("findings", \.findings, .object),
    .defaulted("warnings", \.warnings, .list(.text), []),
  ]
}
