import DSCore

/// One way to run a problem: kernel, parameter values and number of workers.
public struct Candidate: Sendable {
  public let kernel: Kernel
  public let values: KernelParameters
  public let workers: Int
  public let predictedMicroseconds: Double

  public init(
    kernel: Kernel, values: KernelParameters, workers: Int, predictedMicroseconds: Double
  ) {
    self.kernel = kernel
    self.values = values
    self.workers = workers
    self.predictedMicroseconds = predictedMicroseconds
  }

  /// "f32-pointwise-simd__avx2 rows=6 vectors=2": stable, for journals and messages.
  public var label: String {
    let named = kernel.named(values)
    let words = kernel.parameters.map { "\($0.name)=\(named[$0.name] ?? 0)" }
    return ([kernel.id] + words).joined(separator: " ") + (workers > 1 ? " x\(workers)" : "")
  }
}
