import DSCore
import DSKernels

/// The kernel, parameter values and number of workers that run a problem.
public struct KernelChoice: Sendable {
  public let kernel: Kernel
  public let values: KernelParameters
  public let workers: Int

  /// - Parameter workers: threads there are for it; a kernel that cannot be shared takes one of them.
  public init(kernel: Kernel, values: KernelParameters, workers: Int) {
    self.kernel = kernel
    self.values = values
    self.workers = kernel.usableWorkers(of: workers)
  }

  public init(_ candidate: Candidate) {
    self.init(kernel: candidate.kernel, values: candidate.values, workers: candidate.workers)
  }

  /// Stable text, as `Candidate.label`.
  public var label: String {
    Candidate(kernel: kernel, values: values, workers: workers, predictedMicroseconds: 0).label
  }
}
