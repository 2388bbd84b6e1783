import DSCore
import DSRuntime

/// One layer's rate, and how much of its roof that is.
struct LayerRoof {
  /// Of one inference, however often it runs in it.
  let microseconds: Double
  /// Of the formula's flops, whichever the kernel does.
  let gigaflops: Double
  /// Of the bytes that every implementation must move.
  let gigabytesPerSecond: Double
  let percentOfRoof: Double
  let bound: String

  /// In how many bands one worker goes through it.
  let bands: Int

  /// - Parameters:
  ///   - chain: of which the step is one.
  ///   - runs: how often the step runs in those microseconds.
  ///   - peakGigaflops: of one core meanwhile.
  init(
    _ step: NetworkPlan.Step, in chain: PreparedNetwork.Chain?, runs: Int, microseconds: Double,
    machine: BenchMachine, peakGigaflops: Double?
  ) {
    let roof = machine.roof(
      of: step.problem, by: step.choice.kernel, workers: step.choice.workers,
      bytesHeld: chain?.byteCount, peakGigaflops: peakGigaflops)
    bands = chain?.bands ?? 1
    self.microseconds = microseconds
    let runMicroseconds = microseconds / Double(runs)
    gigaflops = Double(step.problem.flops) / runMicroseconds / 1000
    gigabytesPerSecond = Double(step.problem.compulsoryBytes) / runMicroseconds / 1000
    percentOfRoof = 100 * roof.microseconds / runMicroseconds
    bound = roof.bound
  }
}
