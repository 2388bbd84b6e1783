import DSCore
import DSRuntime

/// One layer's rate, and how much of its roof that is.
struct LayerRoof {
  let microseconds: Double
  let gigaflops: Double
  /// Of the bytes that every implementation must move.
  let gigabytesPerSecond: Double
  let percentOfRoof: Double
  let bound: String

  init(_ step: NetworkPlan.Step, microseconds: Double, machine: BenchMachine) {
    let roof = machine.roof(of: step.problem, workers: step.choice.workers)
    self.microseconds = microseconds
    gigaflops = Double(step.problem.flops) / microseconds / 1000
    gigabytesPerSecond = Double(step.problem.compulsoryBytes) / microseconds / 1000
    percentOfRoof = 100 * roof.microseconds / microseconds
    bound = roof.bound
  }
}
