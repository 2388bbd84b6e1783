import DSCore
import DSKernels
import DSMeasurement
import DSReporting
import DSTuning

/// Turns the times of one problem's race into records that can stand alone.
struct KernelRecords {
  let problem: Problem
  let trials: [KernelTrials.Trial]
  let outcome: LadderRace.Outcome
  let machine: BenchMachine
  let cache: CacheState
  let noise: NoiseFloor?
  /// Of so many threads together, between the passes.
  let peakGigaflops: [Int: Double]

  var records: [BenchmarkRecord] {
    let quiet = outcome.quiet
    guard let fastest = quiet.fastest(of: trials.indices) else { return [] }
    var records: [BenchmarkRecord] = []
    for index in trials.indices where !outcome.times.times(of: index).isEmpty {
      var record = Self.record(
        trials[index], problem, cache: cache, passes: quiet.nanoseconds(of: index),
        noiseFloor: noise?.ratio ?? 1)
      record.isReference = index == fastest
      record.relativeSpeed = quiet.runToRunRatio(of: fastest, over: index)
      record.disturbedBlocks = quiet.disturbedBlocks[index]
      if record.disturbedBlocks > 0 {
        record.doubts.append(
          .disturbedBlocks(
            count: record.disturbedBlocks, blocks: outcome.times.times(of: index).count))
      }
      let workers = trials[index].candidate.workers
      let roof = machine.roof(
        of: problem, by: trials[index].candidate.kernel, workers: workers,
        peakGigaflops: peakGigaflops[workers].map { $0 / Double(workers) })
      record.bound = roof.bound
      if !record.microseconds.isTooWide {
        record.percentOfRoof = 100 * roof.microseconds / record.microseconds.median
      }
      record.counts = outcome.counts[index]
      record.countedRuns = outcome.iterations[index]
      record.reproduce = reproduction(trials[index].candidate)
      records.append(record)
    }
    // Nobody is called the fastest while another one may be faster.
    let isContested = records.contains { record in
      let isOpen = [.compared(.undecided), .compared(.tooFewSamples)].contains(record.verdict)
      return !record.isReference && isOpen && (record.relativeSpeed?.high ?? 0) > 1
    }
    for index in records.indices where records[index].isReference {
      records[index].isContested = isContested
    }
    return records
  }

  static func record(
    _ trial: KernelTrials.Trial, _ problem: Problem, cache: CacheState, passes: [[Double]],
    noiseFloor: Double
  ) -> BenchmarkRecord {
    let candidate = trial.candidate
    var record = BenchmarkRecord(
      problem: problem.key, kernel: candidate.kernel.id,
      instructionSet: candidate.kernel.instructionSet, threads: candidate.workers,
      parameters: candidate.kernel.named(candidate.values), cache: cache.rawValue,
      samplesNanoseconds: Array(passes.joined()), passes: passes.map(\.count),
      noiseFloor: noiseFloor)
    record.maximumError = trial.verdict.maximumError
    record.isCorrect = trial.verdict.isCorrect
    record.setWork(flops: problem.flops, bytes: problem.compulsoryBytes)
    return record
  }

  private func reproduction(_ candidate: Candidate) -> String {
    var words = [
      "dsbench", "compare", "kernels", "--problem", problem.key, "--kernels", candidate.kernel.id,
      "--threads", "\(candidate.workers)", "--cache", cache.rawValue,
      "--isa", machine.instructionSet.rawValue,
    ]
    let named = candidate.kernel.named(candidate.values)
    if !named.isEmpty {
      let values = candidate.kernel.parameters.map { "\($0.name)=\(named[$0.name] ?? 0)" }
      words += ["--parameters", values.joined(separator: ",")]
    }
    return words.map(CommandText.quoted).joined(separator: " ")
  }
}
