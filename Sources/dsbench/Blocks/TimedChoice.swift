import CSystem
import DSCore
import DSKernels
import DSRuntime
import DSTuning

/// Picks a kernel for a problem by timing the few that the cost model likes best: a comparison of blocks
/// must not be one of how well the model guesses.
struct TimedChoice {
  private static let candidateCount = 6
  private static let runs = 5

  let model: CostModel
  let instructionSet: InstructionSet
  let pool: WorkerPool

  /// `nil` if no kernel runs the problem and computes the right thing.
  func candidate(for problem: Problem) -> Candidate? {
    let favourites = model.candidates(
      problem, registry: .standard, upTo: instructionSet, workers: pool.workers
    ).sorted { $0.predictedMicroseconds < $1.predictedMicroseconds }.prefix(Self.candidateCount)
    let bench = TrialBench(
      problem, channelBlock: instructionSet.channelBlock(problem.elementType), pool: pool, seed: 1)
    let trials = favourites.map { ($0, bench.prepare($0, rotationBytes: 0)) }
      .filter { bench.verify($0.1).isCorrect }
    var best = [UInt64](repeating: .max, count: trials.count)
    // In turn, so that what slows the machine for a while slows all.
    for _ in 0..<Self.runs {
      for (index, trial) in trials.enumerated() {
        let start = cs_monotonic_ns()
        trial.1.run(iterations: 1)
        best[index] = min(best[index], cs_monotonic_ns() - start)
      }
    }
    return best.indices.min { best[$0] < best[$1] }.map { trials[$0].0 }
  }
}
