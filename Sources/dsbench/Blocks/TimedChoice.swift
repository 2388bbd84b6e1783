import CSystem
import DSCore
import DSKernels
import DSRuntime
import DSTuning

/// Picks a kernel for a problem by timing: a comparison of blocks must not be one of how well the cost
/// model guesses.
struct TimedChoice {
  private static let finalistCount = 6
  private static let finalRuns = 5
  /// How long to look at the candidates of one problem, the model's favourites first.
  private static let screeningNanoseconds = 2e9

  private struct Trial {
    let candidate: Candidate
    let run: TrialRun
    var best: UInt64

    mutating func time() {
      let start = cs_monotonic_ns()
      run.run(iterations: 1)
      best = min(best, ClockTime.elapsed(from: start, to: cs_monotonic_ns()))
    }
  }

  let model: CostModel
  let instructionSet: InstructionSet
  let pool: WorkerPool

  /// `nil` if no kernel runs the problem and computes the right thing.
  ///
  /// - Throws: `RuntimeError.outOfMemory`.
  func candidate(for problem: Problem) throws(RuntimeError) -> Candidate? {
    let bench = try TrialBench(
      problem, channelBlock: instructionSet.channelBlock(problem.elementType), pool: pool, seed: 1)
    var finalists = Array(
      try screened(problem, bench).sorted { $0.best < $1.best }.prefix(Self.finalistCount))
    // In turn, so that what slows the machine for a while slows all.
    for _ in 0..<Self.finalRuns {
      for index in finalists.indices { finalists[index].time() }
    }
    return finalists.min { $0.best < $1.best }?.candidate
  }

  private func screened(
    _ problem: Problem, _ bench: TrialBench
  ) throws(RuntimeError) -> [Trial] {
    let favourites = model.candidates(
      problem, registry: .standard, upTo: instructionSet, workers: pool.workers
    ).sorted { $0.predictedMicroseconds < $1.predictedMicroseconds }
    var limit = TimeLimit(nanoseconds: Self.screeningNanoseconds, of: cs_monotonic_ns)
    var trials: [Trial] = []
    for candidate in favourites {
      if !trials.isEmpty && limit.isOver() { break }
      let run = try bench.prepare(candidate, rotationBytes: 0)
      guard bench.verify(run).isCorrect else { continue }
      trials.append(Trial(candidate: candidate, run: run, best: .max))
      trials[trials.count - 1].time()
    }
    return trials
  }
}
