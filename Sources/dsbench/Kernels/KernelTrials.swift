import CSystem
import DSCore
import DSKernels
import DSMeasurement
import DSRuntime
import DSTuning

/// Makes candidates ready to race: packs their weights, checks them and finds out how long they take.
final class KernelTrials {
  struct Trial {
    let candidate: Candidate
    let verdict: CandidateCheck.Verdict
    let rung: LadderRace.Rung
  }

  let machine: BenchMachine
  let cache: CacheState
  private let weightBytes: Int?
  private var pools: [Int: WorkerPool] = [:]
  private var flushers: [Int: CrewFlusher] = [:]
  private var probes: [Int: ArithmeticProbe] = [:]

  init(machine: BenchMachine, cache: CacheState, weightBytes: Int?) {
    self.machine = machine
    self.cache = cache
    self.weightBytes = weightBytes
  }

  /// What the trials of an entry keep in memory.
  func bytes(of entry: KernelSelection.Entry) -> Int {
    TrialMemory.bytes(
      of: entry.candidates, entry.problem, channelBlock: channelBlock(entry.problem),
      rotationBytes: rotationBytes)
  }

  /// - Throws: `RuntimeError.threadRefused`, `.outOfMemory`.
  func makeBench(_ problem: Problem, workers: Int) throws(RuntimeError) -> TrialBench {
    try TrialBench(
      problem, channelBlock: channelBlock(problem), pool: try pool(workers), seed: 1)
  }

  /// - Throws: `RuntimeError.threadRefused`, `.outOfMemory`.
  func trial(_ candidate: Candidate, on bench: TrialBench) throws(RuntimeError) -> Trial {
    let run = try bench.prepare(candidate, rotationBytes: rotationBytes)
    var first = 0.0
    let verdict = bench.verify(run) { body in
      first = Self.nanoseconds(body)
    }
    // A long run is no colder than any other; a short one is timed again, in blocks.
    let isLong = candidate.isReadable && first > 2e7 && cache != .cold
    if !isLong {
      for _ in 0..<2 {
        first = min(first, Self.nanoseconds { run.run(iterations: 1) })
      }
      if first < 1e6 {
        first = BlockCalibration { run.run(iterations: $0) }.nanosecondsPerRun
      }
    }
    let flusher = cache == .cold ? try flusher(candidate.workers) : nil
    var preparation = 0.0
    if let flusher {
      preparation = Self.nanoseconds { flusher.flush() }
    }
    return Trial(
      candidate: candidate, verdict: verdict,
      rung: LadderRace.Rung(
        prepare: { flusher?.flush() }, run: { run.run(iterations: $0) },
        expectedNanoseconds: max(first, 1), isSampled: isLong,
        preparationNanoseconds: preparation))
  }

  private static func nanoseconds(_ work: () -> Void) -> Double {
    let start = cs_monotonic_ns()
    work()
    return Double(ClockTime.elapsed(from: start, to: cs_monotonic_ns()))
  }

  /// What so many threads reach together just now by multiply-adds alone, in GFLOP/s.
  ///
  /// - Throws: `RuntimeError.threadRefused`.
  func peakGigaflops(_ workers: Int) throws(RuntimeError) -> Double? {
    if probes[workers] == nil {
      let pool = try pool(workers)
      probes[workers] = ArithmeticProbe(upTo: machine.instructionSet, pool: pool)
    }
    guard let probe = probes[workers] else { return nil }
    // Threads that slept are late for the first.
    if workers > 1 { _ = probe.gigaflops() }
    return probe.gigaflops()
  }

  // MARK: - What candidates share

  private func channelBlock(_ problem: Problem) -> Int {
    machine.instructionSet.channelBlock(problem.elementType)
  }

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
    let flusher = try CrewFlusher(machine: machine.description, pool: try pool(workers))
    flushers[workers] = flusher
    return flusher
  }

  /// As in tuning: all of the network's weights, or enough to push each other out of the second level.
  private var rotationBytes: Int {
    guard cache == .network else { return 0 }
    let enough = 2 * (machine.description.cache(level: 2)?.byteCount ?? 1 << 20)
    return min(weightBytes ?? enough, enough)
  }
}

extension BlockCalibration {
  fileprivate var nanosecondsPerRun: Double { blockNanoseconds / Double(iterations) }
}

extension Candidate {
  /// Whether it is a rung that is there to be read, so slow that it may not fit into the time.
  var isReadable: Bool {
    switch kernel.method {
    case .naive, .tiled, .im2col: true
    case .simd, .threaded, .fused: false
    }
  }
}
