import DSCore
import DSKernels
import DSNetworks
import DSRuntime
import DSTuning

/// Networks, machines and requests that the tests share.
enum TuningSamples {
  /// Two cores with a shared third-level cache, all roofs known.
  static let machine: MachineDescription = {
    var machine = MachineDescription(
      cpu: "Sample/1/1", instructionSet: Registry.bestInstructionSet, cores: 2, processingUnits: 2,
      caches: [
        .init(level: 1, byteCount: 32 << 10, count: 2),
        .init(level: 2, byteCount: 1 << 20, count: 2),
        .init(level: 3, byteCount: 32 << 20, sharedByCores: 2),
      ])
    machine.roofs.fmaGigaflopsPerCore = 100
    machine.roofs.l1GigabytesPerSecond = 200
    machine.roofs.l2GigabytesPerSecond = 80
    machine.roofs.l3GigabytesPerSecond = 40
    machine.roofs.dramGigabytesPerSecond = 12
    return machine
  }()

  static let patterns = [1: CorePattern(cores: 1), 2: CorePattern(cores: 2)]

  /// Five layers, one fusible pair: tuned in a fraction of a second.
  static func tinyNetwork() throws -> Network {
    try Network(
      NetworkDefinition(
        name: "tiny", image: FeatureShape(height: 24, width: 24, channels: 3), classes: 10,
        layers: [
          LayerDefinition(
            .standard, "stem", kernel: 3, stride: 2, padding: .same, channels: 16,
            activation: .relu6),
          LayerDefinition(
            .depthwise, "depthwise", kernel: 3, padding: .same, activation: .relu6),
          LayerDefinition(.pointwise, "pointwise", channels: 32, activation: .relu),
          LayerDefinition(.averagePooling, "pool"),
          LayerDefinition(.dense, "scores", channels: 10),
        ]))
  }

  static func request(
    _ network: Network, workers: Int = 1, effort: Effort = .measure
  ) -> TuningRequest {
    // Processor 0 twice where the machine has but one: slow, and as correct.
    let processors = (0..<workers).map { index in
      let all = LiveMachine.current.processors
      return all[index % all.count]
    }
    var request = TuningRequest(
      network: network, instructionSet: Registry.bestInstructionSet, processors: processors,
      effort: effort)
    // As many as a decision between all candidates of a problem needs.
    request.maximumRounds = 16
    return request
  }

  static func tuner(
    _ request: TuningRequest, journal: Journal? = nil, recorded: RecordedTrials = RecordedTrials(),
    registry: Registry = .standard
  ) throws -> Tuner {
    try Tuner(
      request, machine: machine, declared: machine, patterns: patterns, journal: journal,
      recorded: recorded, registry: registry)
  }

  static func header(_ request: TuningRequest) -> JournalHeader {
    JournalHeader(request, machine: machine, declared: machine, patterns: patterns)
  }

  static func models() throws -> [Network] {
    try [
      Network(model: .mobileNetV1), Network(model: .mobileNetV2), Network(model: .xception),
    ]
  }
}
