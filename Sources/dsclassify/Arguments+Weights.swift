import DSCommandLine
import DSRuntime

extension Arguments {
  /// What `--weights` names: a file, or seeded weights as `seed:N`.
  func weights() throws -> any WeightSource {
    let text = string("weights") ?? ""
    guard text.hasPrefix("seed:") else { return try WeightFile(path: text) }
    guard let seed = UInt64(text.dropFirst("seed:".count)) else {
      throw usageError(
        "--weights takes a seed from 0 to \(UInt64.max), as in seed:0, not '\(text)'; "
          + "a file of that name is ./\(text)")
    }
    return SeededWeights(seed: seed)
  }
}
