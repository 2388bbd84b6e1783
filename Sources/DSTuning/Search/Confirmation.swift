import DSCore
import DSMeasurement
import DSRuntime

/// How the whole network ran with the tuned kernels, against the default ones.
public struct Confirmation: Sendable {
  /// What is kept: the choices that won, possibly none.
  public let choices: [Problem: KernelChoice]
  public let defaultNanoseconds: MedianInterval
  public let keptNanoseconds: MedianInterval
  /// The default's time divided by that of what is kept.
  public let speedup: PairedRatio?
  /// Whether what was tuned won; if not, the defaults are kept.
  public let isGain: Bool
  /// The ratio that a gain had to be shown to be above.
  public let smallestClaim: Double
}
