import DSCore

/// One parameter that a kernel leaves open.
public struct ParameterAxis: Sendable {
  /// What the values may depend on.
  public struct Context: Sendable {
    public let problem: Problem
    public let workers: Int

    public init(problem: Problem, workers: Int) {
      self.problem = problem
      self.workers = workers
    }
  }

  /// The name in schedules: `rows`, `vectors`, `strip`…
  public let name: String
  public let summary: String
  /// Values the kernel can run with, whatever the problem; anything else in a schedule is refused.
  public let legal: ClosedRange<Int>
  /// Values worth trying for a problem.
  public let values: @Sendable (Context) -> [Int]
}
