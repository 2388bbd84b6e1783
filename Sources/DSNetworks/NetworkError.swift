/// Why a network cannot be made; each description is one sentence that says what to do.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  case unknownModel(String, suggestion: String?)
  case widthOutOfRange(Double, model: String, allowed: String)
  case resolutionOutOfRange(Int, model: String, allowed: String)
  case batchOutOfRange(Int)
  case classCountOutOfRange(Int, allowed: String)
  case unreadableFile(path: String, reason: String)
  /// The text is no network file; `place` is where in it, such as `layers[3].stride`.
  case malformedFile(path: String, place: String, reason: String)
  case impossibleLayer(String, network: String, reason: String)
  case impossibleNetwork(String, reason: String)

  public var description: String {
    switch self {
    case .unknownModel(let name, let suggestion):
      "unknown model '\(name)'" + (suggestion.map { ": did you mean '\($0)'?" } ?? ":")
        + " choose \(Model.list) or give the path of a network file"
    case .widthOutOfRange(let width, let model, let allowed):
      "width \(width) is not possible for \(model): choose \(allowed)"
    case .resolutionOutOfRange(let resolution, let model, let allowed):
      "resolution \(resolution) is not possible for \(model): choose \(allowed)"
    case .batchOutOfRange(let batch):
      "batch \(batch) is not possible: choose 1 to \(Network.largestBatch) images"
    case .classCountOutOfRange(let count, let allowed):
      "\(count) classes are not possible: choose \(allowed)"
    case .unreadableFile(let path, let reason):
      "cannot read the network file '\(path)': \(reason)"
    case .malformedFile(let path, let place, let reason):
      "\(path): \(place.isEmpty ? "" : "\(place): ")\(reason)"
    case .impossibleLayer(let layer, let network, let reason):
      "network '\(network)', layer '\(layer)': \(reason)"
    case .impossibleNetwork(let network, let reason):
      "network '\(network)': \(reason)"
    }
  }
}
