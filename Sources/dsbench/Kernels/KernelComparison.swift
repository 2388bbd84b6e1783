import CSystem
import DSCore
import DSKernels
import DSMachine
import DSMeasurement
import DSReporting
import DSRuntime
import DSTuning

/// Measures the candidates of all problems, pass after pass, on the same threads.
final class KernelComparison {
  /// A candidate that was left out, and why.
  struct Omission {
    let problem: Problem
    let candidate: Candidate
    let reason: String
  }

  /// Runs shorter than this fit into any share of the time.
  private static let affordableNanoseconds = 1e7
  /// Of what stays ready between passes; a process with all of MobileNet v1 ready takes a tenth of that. What does
  /// not fit is measured in groups of problems, one after the other.
  private static let mostBytes = 2 << 30

  private let trials: KernelTrials
  private let shouldStop: () -> Bool
  /// How the same code differs from itself here: the fastest rung of the first problem, which raced a copy of itself as well;
  /// `nil` in cold caches, and with too few passes.
  private(set) var noise: NoiseFloor?
  private(set) var omissions: [Omission] = []
  var noiseDoubts: [MeasurementDoubt] {
    noise.map { MeasurementDoubt.doubts(noiseFloor: $0) } ?? []
  }

  init(
    machine: BenchMachine, cache: CacheState, weightBytes: Int?, shouldStop: @escaping () -> Bool
  ) {
    trials = KernelTrials(machine: machine, cache: cache, weightBytes: weightBytes)
    self.shouldStop = shouldStop
  }

  /// One record for each candidate that could be measured in the time.
  ///
  /// - Parameter progress: told what part of all is behind, and which problem is next.
  /// - Throws: `RuntimeError.threadRefused`, `.outOfMemory`.
  func records(
    of entries: [KernelSelection.Entry], until deadline: UInt64,
    progress: (_ part: Double, _ next: Problem) -> Void
  ) throws(RuntimeError) -> [BenchmarkRecord] {
    let groups = TrialMemory.groups(
      bytes: entries.map { trials.bytes(of: $0) },
      limit: min(Self.mostBytes, MemoryAllowance.bytes()))
    let weight = entries.reduce(0) { $0 + $1.weight }
    var behind = 0.0
    var records: [BenchmarkRecord] = []
    for group in groups where !shouldStop() {
      let own = entries[group].reduce(0) { $0 + $1.weight }
      let now = cs_monotonic_ns()
      let left = Double(ClockTime.elapsed(from: now, to: deadline))
      records += try self.records(
        ofGroup: Array(entries[group]),
        until: ClockTime.deadline(left * own / (weight - behind), after: now)
      ) { index, part in
        progress((behind + part * own) / weight, entries[group.lowerBound + index].problem)
      }
      behind += own
    }
    return records
  }

  /// Of problems that are all ready at the same time.
  private func records(
    ofGroup entries: [KernelSelection.Entry], until deadline: UInt64,
    progress: (_ index: Int, _ part: Double) -> Void
  ) throws(RuntimeError) -> [BenchmarkRecord] {
    let began = cs_monotonic_ns()
    var passes = LadderPasses(weights: entries.map(\.weight))
    var prepared: [[KernelTrials.Trial]] = []
    var twin: Int?
    var peaks = Array(repeating: [Int: [Double]](), count: entries.count)
    try passes.run(
      until: deadline, shouldStop: shouldStop,
      prepare: { (index, nanoseconds) throws(RuntimeError) in
        let found = try self.prepare(entries[index], nanoseconds: nanoseconds)
        prepared.append(found)
        var rungs = found.correct.map(\.rung)
        if index == 0 && noise == nil && trials.cache != .cold {
          twin = rungs.indices.min {
            rungs[$0].expectedNanoseconds < rungs[$1].expectedNanoseconds
          }
          if let twin { rungs.append(try self.copy(found.correct[twin], entries[index]).rung) }
        }
        var timer = BlockTimer()
        timer.counters = { [counters = trials.machine.counters] in counters.read() }
        return LadderRace(rungs, hasSingleRuns: trials.cache == .cold, timer: timer)
      },
      progress: { index, part in
        for workers in Set(entries[index].candidates.map(\.workers)) {
          let peak = try? trials.peakGigaflops(workers)
          peaks[index][workers, default: []] += peak.map { [$0] } ?? []
        }
        progress(index, part)
      })
    // As much time again at most, so that --time is what a quiet machine takes.
    let start = cs_monotonic_ns()
    let allowed = start > began ? start - began : 0
    passes.extend(
      until: start + allowed, shouldStop: shouldStop,
      isUndecided: { index, race in
        let floor = noise ?? (index == 0 ? noiseFloor(race, twin: twin) : nil)
        let rungs = prepared[index].count(where: \.verdict.isCorrect)
        return race.outcome.quiet.isUndecided(among: 0..<rungs, noiseFloor: floor?.ratio ?? 1)
      }, progress: { index, _ in progress(index, 1) })
    if noise == nil, let first = passes.races.first { noise = noiseFloor(first, twin: twin) }
    return prepared.indices.flatMap { index in
      let (problem, found) = (entries[index].problem, prepared[index])
      let correct = KernelRecords(
        problem: problem, trials: found.correct, outcome: passes.races[index].outcome,
        machine: trials.machine, cache: trials.cache, noise: noise,
        peakGigaflops: peaks[index].compactMapValues { SortedSample($0)?.median })
      return correct.records
        + found.filter { !$0.verdict.isCorrect }.map { wrong($0, problem) }
    }
  }

  /// How the twin differs from itself; `nil` where nobody raced himself, or too rarely.
  private func noiseFloor(_ race: LadderRace, twin: Int?) -> NoiseFloor? {
    twin.flatMap { twin in
      race.outcome.quiet.ratio(of: twin, over: race.rungs.count - 1, confidence: 0.95)
    }.flatMap { NoiseFloor($0) }
  }

  /// The same again in buffers of its own: where they lie makes a difference, too.
  private func copy(
    _ trial: KernelTrials.Trial, _ entry: KernelSelection.Entry
  ) throws(RuntimeError) -> KernelTrials.Trial {
    try trials.trial(
      trial.candidate,
      on: try trials.makeBench(entry.problem, workers: trial.candidate.workers))
  }

  /// Its candidates ready to race, as far as one run of them fits into the time.
  private func prepare(
    _ entry: KernelSelection.Entry, nanoseconds: Double
  ) throws(RuntimeError) -> [KernelTrials.Trial] {
    let deadline = ClockTime.deadline(nanoseconds, after: cs_monotonic_ns())
    var benches: [Int: TrialBench] = [:]
    var found: [KernelTrials.Trial] = []
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
        bench = try trials.makeBench(entry.problem, workers: candidate.workers)
        benches[candidate.workers] = bench
      }
      found.append(try trials.trial(candidate, on: bench))
    }
    return found
  }

  private func wrong(_ trial: KernelTrials.Trial, _ problem: Problem) -> BenchmarkRecord {
    var record = KernelRecords.record(
      trial, problem, cache: trials.cache, passes: [[trial.rung.expectedNanoseconds]],
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
}

extension [KernelTrials.Trial] {
  /// Taking the time of what computes something wrong says nothing.
  fileprivate var correct: [Element] { filter(\.verdict.isCorrect) }
}

extension KernelSelection.Entry {
  /// What its share of the time is in proportion to: what its rungs are expected to need.
  fileprivate var weight: Double {
    candidates.reduce(0) { $0 + max(10_000, 2 * $1.predictedMicroseconds) }
  }
}
