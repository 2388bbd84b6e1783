/// The whole network as one rung of the ladder naive → tiled → default → tuned.
public struct NetworkRung: Sendable, Equatable {
  /// What a rung's time was worked out from.
  public enum Basis: String, Sendable, CaseIterable {
    /// Inferences of the whole network.
    case wholeNetwork = "whole network"
    /// The times of all its kernels alone, added up.
    case kernels
    /// The times of some of its kernels, the others at their rate.
    case someKernels = "some kernels"
  }

  /// "naive", "tiled", "default" or "tuned".
  public var name: String
  /// Of one inference.
  public var milliseconds: Double
  /// Of the formulas' multiply-adds, whichever are done.
  public var gigaflops: Double
  public var basis: Basis
  public var unknown: [String: JSONValue] = [:]

  public init(name: String, milliseconds: Double, gigaflops: Double, basis: Basis) {
    self.name = name
    self.milliseconds = milliseconds
    self.gigaflops = gigaflops
    self.basis = basis
  }
}

extension NetworkRung: FileObject {
  init() { self.init(name: "", milliseconds: 0, gigaflops: 0, basis: .wholeNetwork) }

  static let fields: [FileField<NetworkRung>] = [
    .required("rung", \.name, .text),
    .required("ms", \.milliseconds, .magnitude),
    .required("gflops", \.gigaflops, .magnitude),
    .required("basis", \.basis, .name),
  ]
}
