import DSCore
import DSKernels
import DSRuntime
import DSTuning
import Testing

/// Trials that are ended while they run.
@Suite struct TrialRunTests {
  private static let problem = "pointwise 7x7x16->32 relu6 f32"

  private func withRun(
    workers: Int, predictedMicroseconds: Double, _ body: (TrialBench, TrialRun) throws -> Void
  ) throws {
    let problem = try Problem(key: Self.problem)
    let kernel = try Registry.standard.kernel(id: "f32-pointwise-simd__baseline")
    let values = try #require(
      kernel.candidates(ParameterAxis.Context(problem: problem, workers: workers)).first)
    let bench = try TrialBench(
      problem, channelBlock: InstructionSet.baseline.channelBlock(problem.elementType),
      pool: try WorkerPool(workers: workers), seed: 1)
    let run = try bench.prepare(
      Candidate(
        kernel: kernel, values: values, workers: workers,
        predictedMicroseconds: predictedMicroseconds), rotationBytes: 0)
    try body(bench, run)
  }

  /// As many as would take hours.
  @Test(arguments: [(1, 0.0), (2, 1), (1, 1000), (2, 1000), (3, 1000)]) func aBlockIsCut(
    workers: Int, predictedMicroseconds: Double
  ) throws {
    try withRun(workers: workers, predictedMicroseconds: predictedMicroseconds) { bench, run in
      for looks in [1, 2, 3, 9] {
        var asked = 0
        run.run(iterations: 1 << 40) {
          asked += 1
          return asked >= looks
        }
        #expect(asked == looks)
      }
      // All workers are where they were: the next block is whole and right.
      run.run(iterations: 3)
      #expect(bench.verify(run).isCorrect)
    }
  }

  @Test func shortBlocksAreNotLookedAt() throws {
    try withRun(workers: 2, predictedMicroseconds: 1) { _, run in
      run.run(iterations: 200) {
        Issue.record("a block of 200 µs was looked at")
        return true
      }
    }
  }

  @Test func theCheckIsEnded() throws {
    try withRun(workers: 1, predictedMicroseconds: 1) { bench, run in
      for looks in 0..<3 {
        var asked = 0
        let verdict = bench.verify(
          run,
          shouldStop: {
            asked += 1
            return asked > looks
          })
        #expect(verdict == nil)
      }
      // Half a reference is not kept.
      #expect(bench.verify(run, shouldStop: { false })?.isCorrect == true)
    }
  }

  /// A stop at any moment leaves a complete schedule, in which what was not raced is predicted; no race has a round that was
  /// cut.
  @Test func aTuningEndsWithinOneRun() throws {
    let network = try TuningSamples.tinyNetwork()
    for limit in [1, 20, 60, 150, 400] {
      var asked = 0
      let tuner = try Tuner(
        TuningSamples.request(network), machine: TuningSamples.machine,
        declared: TuningSamples.machine, patterns: TuningSamples.patterns,
        shouldStop: {
          asked += 1
          return asked > limit
        })
      let result = try tuner.tune()
      // After its first yes it is asked at most once by each step that is left out.
      #expect(asked < limit + 200, "\(asked) of \(limit)")
      #expect(result.schedule.entries.count >= network.problems.count)
    }
  }
}
