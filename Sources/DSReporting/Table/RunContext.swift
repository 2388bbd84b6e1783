import DSCore
import DSMeasurement
import DSSchedule
import Glibc

/// Where, when, with what and by which command results were measured.
public struct RunContext: Sendable {
  public var tool: String
  public var version: String
  /// The commit the tool was built from.
  public var commit: String
  public var compiler: String
  /// The command line that measures this again.
  public var command: String
  /// ISO 8601 with time zone.
  public var date: String
  public var host: String
  public var machine: MachineDescription
  public var loadAverages: [Double]
  public var megahertz: Double?
  /// Whether the clock rate follows the load; `nil` where the machine does not say.
  public var isScalingFrequency: Bool?
  public var isAddressSpaceRandomized: Bool?
  public var doubts: [MeasurementDoubt]

  public init(
    tool: String, version: String, commit: String, compiler: String, command: String, date: String,
    host: String, machine: MachineDescription, loadAverages: [Double] = [],
    megahertz: Double? = nil, isScalingFrequency: Bool? = nil,
    isAddressSpaceRandomized: Bool? = nil, doubts: [MeasurementDoubt] = []
  ) {
    self.tool = tool
    self.version = version
    self.commit = commit
    self.compiler = compiler
    self.command = command
    self.date = date
    self.host = host
    self.machine = machine
    self.loadAverages = loadAverages
    self.megahertz = megahertz
    self.isScalingFrequency = isScalingFrequency
    self.isAddressSpaceRandomized = isAddressSpaceRandomized
    self.doubts = doubts
  }

  /// Now, on this host, measuring on these CPUs.
  public static func current(
    tool: String, version: String, commit: String, compiler: String, command: String,
    machine: MachineDescription, cpus: [Int], inspector: MachineInspector = MachineInspector()
  ) -> RunContext {
    RunContext(
      tool: tool, version: version, commit: commit, compiler: compiler, command: command,
      date: dateNow(), host: hostName(), machine: machine, loadAverages: inspector.loadAverages,
      megahertz: inspector.megahertz, isScalingFrequency: inspector.isScalingFrequency(cpus: cpus),
      isAddressSpaceRandomized: inspector.isAddressSpaceRandomized,
      doubts: inspector.doubts(cpus: cpus))
  }

  private static func dateNow() -> String {
    var (now, parts) = (time(nil), tm())
    gmtime_r(&now, &parts)
    var text = [CChar](repeating: 0, count: 64)
    let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S+00:00", &parts)
    return String(decoding: text[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension RunContext {
  /// As a member of a result that is one object.
  public var json: JSONValue {
    let row = ResultTable(name: "", columns: [], rows: [[]], context: self).objects[0]
    guard case .object(let members) = row else { return .null }
    return members["context"] ?? .null
  }

  /// As a list below a table in Markdown.
  public var markdown: String { MarkdownFormat.context(self) }

  /// What every record says about its origin.
  static let fields: [RecordField<RunContext>] = [
    text("tool") { $0.tool + " " + $0.version },
    text("commit") { $0.commit },
    text("compiler") { $0.compiler },
    text("command") { $0.command },
    text("date") { $0.date },
    text("host") { $0.host },
    text("cpu") { $0.machine.cpu },
    text("model") { $0.machine.modelName },
    text("isa") { $0.machine.instructionSet.rawValue },
    text("topology") { $0.machine.topologySignature },
    RecordField(Column("context", "warnings", title: "warnings", kind: .nested, role: .context)) {
      .texts($0.doubts.map(\.description))
    },
  ]

  private static func text(
    _ name: String, _ value: @escaping @Sendable (RunContext) -> String
  ) -> RecordField<RunContext> {
    RecordField(Column("context", name, title: name, kind: .text, role: .context)) {
      .text(value($0))
    }
  }
}
