import DSCore

/// The machine a schedule was made for, as far as entries depend on it.
public struct MachineIdentity: Sendable, Equatable {
  /// Where the topology came from.
  public enum Origin: String, Sendable, CaseIterable {
    case thisSystem = "this system"
    /// From a file or a synthetic description: nothing was timed there.
    case predicted
  }

  /// Vendor, family and model: "AuthenticAMD/26/2".
  public var cpu: String
  /// Instruction-set features, sorted.
  public var instructionSets: [String]
  /// `MachineDescription.topologySignature`.
  public var topology: String
  public var origin: Origin
  /// Measured ceilings by their names in the file; see `roofs`.
  public var measured: [String: Double]
  public var unknown: [String: JSONValue] = [:]

  public init(
    cpu: String, instructionSets: [String], topology: String, origin: Origin = .thisSystem,
    measured: [String: Double] = [:]
  ) {
    self.cpu = cpu
    self.instructionSets = instructionSets
    self.topology = topology
    self.origin = origin
    self.measured = measured
  }

  public init(_ machine: MachineDescription, origin: Origin = .thisSystem) {
    let features = Set(machine.features + [machine.instructionSet.rawValue])
    self.init(
      cpu: machine.cpu, instructionSets: features.sorted(), topology: machine.topologySignature,
      origin: origin)
    roofs = machine.roofs
  }
}

extension MachineIdentity {
  private static let roofNames:
    [(name: String, path: WritableKeyPath<MachineDescription.Roofs, Double?> & Sendable)] = [
      ("fma_gflops_per_core", \.fmaGigaflopsPerCore),
      ("l1_gbps", \.l1GigabytesPerSecond),
      ("l2_gbps", \.l2GigabytesPerSecond),
      ("l3_gbps", \.l3GigabytesPerSecond),
      ("dram_gbps", \.dramGigabytesPerSecond),
    ]

  /// The measured ceilings this version knows; others stay in `measured`.
  public var roofs: MachineDescription.Roofs {
    get {
      var roofs = MachineDescription.Roofs()
      for (name, path) in Self.roofNames { roofs[keyPath: path] = measured[name] }
      return roofs
    }
    set {
      for (name, path) in Self.roofNames { measured[name] = newValue[keyPath: path] }
    }
  }
}

extension MachineIdentity: FileObject {
  init() { self.init(cpu: "", instructionSets: [], topology: "") }

  static let fields: [FileField<MachineIdentity>] = [
    .required("cpu", \.cpu, .text),
    .required("isa", \.instructionSets, .list(.text)),
    .required("topology", \.topology, .text),
    .defaulted("origin", \.origin, .name, .thisSystem),
    .defaulted("measured", \.measured, .dictionary(.magnitude), [:]),
  ]
}
