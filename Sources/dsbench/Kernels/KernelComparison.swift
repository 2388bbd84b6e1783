import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSReporting
import DSRuntime
import DSTuning

/// Measures the candidates of one problem after another, on the same threads.
final class KernelComparison {
  /// A candidate that was left out, and why.
  struct Omission {
    let problem: Problem
    let candidate: Candidate
    let reason: String
  }

  /// Runs shorter than this fit into any share of the time.
  private static let affordableNanoseconds = 1e7

  let machine: BenchMachine
  private let cache: CacheState
  private let weightBytes: Int?
  private let shouldStop: () -> Bool
  private var pools: [Int: WorkerPool] = [:]
  private var flushers: [Int: CrewFlusher] = [:]
  private(set) var noise: NoiseFloor?
  private(set) var omissions: [Omission] = []
  var noiseDoubts: [MeasurementDoubt] {
    noise.map { MeasurementDoubt.doubts(before: $0) } ?? []
  }

  init(
    machine: BenchMachine, cache: CacheState, weightBytes: Int?, shouldStop: @escaping () -> Bool
  ) {
    self.machine = machine
    self.cache = cache
    self.weightBytes = weightBytes
    self.shouldStop = shouldStop
  }

  /// One record for each candidate that could be measured in the time.
  ///
  /// - Throws: `RuntimeError.threadRefused`.
  func records(
    of entry: KernelSelection.Entry, seconds: Double
  ) throws(RuntimeError) -> [BenchmarkRecord] {
    let start = cs_monotonic_ns()
    let deadline = start + UInt64(max(0, seconds) * 1e9)
    var benches: [Int: TrialBench] = [:]
    var trials: [Trial] = []
    for candidate in entry.candidates {
      if shouldStop() { break }
      let left = Double(deadline) - Double(cs_monotonic_ns())
      let expected = candidate.predictedMicroseconds * 1000
      if candidate.isReadable && expected > max(left, Self.affordableNanoseconds) {
        omit(candidate, of: entry.problem, expectedSeconds: expected / 1e9)
        continue
      }
      let bench: TrialBench
      if let made = benches[candidate.workers] {
        bench = made
      } else {
        bench = try makeBench(entry.problem, candidate.workers)
        benches[candidate.workers] = bench
      }
      trials.append(try trial(candidate, on: bench))
    }
    measureNoise(trials)
    // Taking the time of what computes something wrong says nothing.
    let racing = trials.filter(\.verdict.isCorrect)
    var race = LadderRace(rungs: racing.map(\.rung), hasSingleRuns: cache == .cold)
    race.timer.counters = { [counters = machine.counters] in counters.read() }
    let outcome = race.run(until: deadline, shouldStop: shouldStop)
    return KernelRecords(
      problem: entry.problem, trials: racing, outcome: outcome, machine: machine, cache: cache,
      noise: noise
    ).records + trials.filter { !$0.verdict.isCorrect }.map { wrong($0, entry.problem) }
  }

  // MARK: - One candidate

  struct Trial {
    let candidate: Candidate
    let verdict: CandidateCheck.Verdict
    let rung: LadderRace.Rung
  }

  private func trial(
    _ candidate: Candidate, on bench: TrialBench
  ) throws(RuntimeError) -> Trial {
    let run = bench.prepare(candidate, rotationBytes: rotationBytes)
    var first = 0.0
    let verdict = bench.verify(run) { body in
      let start = cs_monotonic_ns()
      body()
      first = Double(cs_monotonic_ns() - start)
    }
    // A long run is no colder than any other; a short one is timed again, in blocks.
    let isLong = candidate.isReadable && first > 2e7 && cache != .cold
    if !isLong {
      for _ in 0..<2 {
        let start = cs_monotonic_ns()
        run.run(iterations: 1)
        first = min(first, Double(cs_monotonic_ns() - start))
      }
      if first < 1e6 {
        first = BlockCalibration { run.run(iterations: $0) }.nanosecondsPerRun
      }
    }
    let flusher = cache == .cold ? try flusher(candidate.workers) : nil
    var preparation = 0.0
    if let flusher {
      let start = cs_monotonic_ns()
      flusher.flush()
      preparation = Double(cs_monotonic_ns() - start)
    }
    return Trial(
      candidate: candidate, verdict: verdict,
      rung: LadderRace.Rung(
        prepare: { flusher?.flush() }, run: { run.run(iterations: $0) },
        expectedNanoseconds: max(first, 1), isSampled: isLong,
        preparationNanoseconds: preparation))
  }

  private func wrong(_ trial: Trial, _ problem: Problem) -> BenchmarkRecord {
    var record = KernelRecords.record(
      trial, problem, cache: cache, samples: [trial.rung.expectedNanoseconds],
      noiseFloor: noise?.ratio ?? 1)
    record.isCorrect = false
    return record
  }

  private func omit(_ candidate: Candidate, of problem: Problem, expectedSeconds: Double) {
    let seconds = (expectedSeconds * 10).rounded() / 10
    omissions.append(
      Omission(
        problem: problem, candidate: candidate,
        reason: "about \(seconds) s a run is more than its share of the time"))
  }

  // MARK: - What candidates share

  private func pool(_ workers: Int) throws(RuntimeError) -> WorkerPool {
    if let pool = pools[workers] { return pool }
    // Short: another pool's threads may have the same processors.
    let pool = try WorkerPool(
      workers: workers, processors: machine.processors, idleSpinMicroseconds: 100)
    pools[workers] = pool
    return pool
  }

  private func flusher(_ workers: Int) throws(RuntimeError) -> CrewFlusher {
    if let flusher = flushers[workers] { return flusher }
    let flusher = CrewFlusher(machine: machine.description, pool: try pool(workers))
    flushers[workers] = flusher
    return flusher
  }

  private func makeBench(
    _ problem: Problem, _ workers: Int
  ) throws(RuntimeError) -> TrialBench {
    TrialBench(
      problem, channelBlock: machine.instructionSet.channelBlock(problem.elementType),
      pool: try pool(workers), seed: 1)
  }

  /// As in tuning: all of the network's weights, or enough to push each other out of the second level.
  private var rotationBytes: Int {
    guard cache == .network else { return 0 }
    let enough = 2 * (machine.description.cache(level: 2)?.byteCount ?? 1 << 20)
    return min(weightBytes ?? enough, enough)
  }

  /// How the same code differs from itself here, on the fastest candidate of the first problem.
  private func measureNoise(_ trials: [Trial]) {
    guard noise == nil, cache != .cold,
      let fastest = trials.map(\.rung).min(by: { $0.expectedNanoseconds < $1.expectedNanoseconds })
    else { return }
    let iterations = max(1, Int(250_000 / fastest.expectedNanoseconds))
    noise = NoiseFloor(
      timer: BlockTimer(), iterations: iterations, rounds: 12
    ) { fastest.run($1) }
  }
}

extension BlockCalibration {
  fileprivate var nanosecondsPerRun: Double { blockNanoseconds / Double(iterations) }
}

extension Candidate {
  /// Whether it is a rung that is there to be read, so slow that it may not fit into the time.
  fileprivate var isReadable: Bool {
    switch kernel.method {
    case .naive, .tiled, .im2col: true
    case .simd, .threaded, .fused: false
    }
  }
}
