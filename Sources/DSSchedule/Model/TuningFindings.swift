/// What a tuning found out, whether or not it was kept.
public struct TuningFindings: Sendable, Equatable {
  /// A `TuningOutcome`'s name, or one of a newer version.
  public var outcomeName: String
  /// From the simplest rung on, as far as they are known.
  public var ladder: [NetworkRung]
  /// What all threads together multiply and add on registers, measured beside the network; `nil` where it was not.
  public var peakGigaflops: Double?
  /// The least time that the measured roofs of its layers allow the network as it is kept.
  public var limitMilliseconds: Double?
  /// `nil` where no plan but the default was timed in the whole network.
  public var gain: NetworkGain?
  /// Of every problem of a single layer, in the order of their keys.
  public var layers: [LayerFinding]
  public var unknown: [String: JSONValue] = [:]

  public init(
    _ outcome: TuningOutcome, ladder: [NetworkRung] = [], peakGigaflops: Double? = nil,
    limitMilliseconds: Double? = nil, gain: NetworkGain? = nil, layers: [LayerFinding] = []
  ) {
    outcomeName = outcome.rawValue
    self.ladder = ladder
    self.peakGigaflops = peakGigaflops
    self.limitMilliseconds = limitMilliseconds
    self.gain = gain
    self.layers = layers.sorted { $0.problem < $1.problem }
  }

  /// `nil` for what a newer version says.
  public var outcome: TuningOutcome? { TuningOutcome(rawValue: outcomeName) }

  public func rung(_ name: String) -> NetworkRung? { ladder.first { $0.name == name } }

  public func layer(_ problem: String) -> LayerFinding? { layers.first { $0.problem == problem } }

  /// Of entries that come from several tunings: what is known of single layers, of each from where most candidates raced.
  static func merged(_ findings: [TuningFindings]) -> TuningFindings? {
    if findings.isEmpty { return nil }
    let layers = Dictionary(grouping: findings.flatMap(\.layers), by: \.problem).values
    return TuningFindings(
      .merged,
      layers: layers.compactMap { rivals in
        rivals.max { ($0.candidates, $0.json.text) < ($1.candidates, $1.json.text) }
      })
  }
}

extension TuningFindings: FileObject {
  init() { self.init(.predicted) }

  static let fields: [FileField<TuningFindings>] = [
    .required("outcome", \.outcomeName, .text),
    .defaulted("ladder", \.ladder, .list(.object), []),
    .optional("peak_gflops", \.peakGigaflops, .magnitude),
    .optional("limit_ms", \.limitMilliseconds, .magnitude),
    .optional("gain", \.gain, .object),
    .defaulted("layers", \.layers, .list(.object), []),
  ]
}
