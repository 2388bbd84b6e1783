import DSCore

extension PreparedKernel {
  /// In how many parts the workers cut the rows of this step's output.
  ///
  /// Kernels without a parameter for it follow the step they read from, where that leaves no worker with much
  /// more than another: what a worker has written is then in its own cache.
  ///
  /// - Parameter input: the parts of the step that is read; `nil` for the image.
  public func rowParts(workers: Int, input: Int?) -> Int {
    switch problem.operation {
    case .pointwise, .dense:
      return min(max(1, kernel.named(values)["rowParts", default: 1]), workers)
    case .depthwise, .maximumPooling, .averagePooling:
      let rows = problem.output.height * problem.output.batch
      guard let input, workers % input == 0, rows % input == 0 || rows >= 3 * input else {
        return 1
      }
      return input
    case .standard, .separable, .invertedResidual, .entry, .reduction: return workers
    case .softmax, .pooled: return 1
    }
  }
}
