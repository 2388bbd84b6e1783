import DSCore

/// Why weights could not be used. Every description is one sentence: file, tensor, what to do.
public enum WeightError: Error, Hashable, Sendable {
  case unreadable(FileError)
  case malformed(path: String, reason: String)
  case missingTensor(names: [String], shape: [Int], path: String)
  case shapeMismatch(name: String, expected: [Int], found: [Int], path: String)
  case unsupportedElementType(name: String, type: String, path: String)
  case notFinite(name: String, index: Int, path: String)
  /// A variance that is negative, or zero where epsilon is zero too.
  case invalidVariance(name: String, index: Int, path: String)
  /// Finite parameters whose product is not.
  case foldingOverflows(kernel: String, batchNormalization: String, path: String)
  case invalidEpsilon(text: String, path: String)
  /// Of a tensor that has to be converted, or a layer's weights with the normalisation folded in.
  case outOfMemory(path: String, byteCount: Int)
}

extension WeightError: MemoryError {
  package var memoryShortage: MemoryShortage? {
    switch self {
    case .unreadable(let error): error.memoryShortage
    case .outOfMemory(_, let byteCount): MemoryShortage(byteCount: byteCount)
    default: nil
    }
  }
}

extension WeightError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let error):
      return error.description
    case .malformed(let path, let reason):
      return "\(path): is no valid SafeTensors file: \(reason)"
    case .missingTensor(let names, let shape, let path):
      let alternatives = names.map { "'\($0)'" }.joined(separator: " or ")
      return "\(path): tensor \(alternatives) of shape \(shape) is missing; "
        + "were these weights made for this network?"
    case .shapeMismatch(let name, let expected, let found, let path):
      return "\(path): tensor '\(name)' has shape \(found) where the network has \(expected); "
        + "check the model, its width multiplier and its number of classes"
    case .unsupportedElementType(let name, let type, let path):
      return "\(path): tensor '\(name)' has type \(type); store it as F32, F16, BF16 or F64"
    case .notFinite(let name, let index, let path):
      return "\(path): tensor '\(name)' holds NaN or infinity at element \(index); "
        + "no network can run on it"
    case .invalidVariance(let name, let index, let path):
      return "\(path): tensor '\(name)' holds no valid variance at element \(index); "
        + "it must be above zero with epsilon added"
    case .foldingOverflows(let kernel, let batchNormalization, let path):
      return "\(path): folding batch normalisation '\(batchNormalization)' into '\(kernel)' "
        + "overflows Float32; check both for broken values"
    case .invalidEpsilon(let text, let path):
      return "\(path): the metadata's epsilon '\(text)' is no number from 0 to 1"
    case .outOfMemory(let path, let byteCount):
      return "\(path): \(MemoryShortage(byteCount: byteCount))"
    }
  }
}
