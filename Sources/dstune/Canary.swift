import DSCommandLine
import DSCore
import DSKernels
import DSMachine
import DSMeasurement
import DSRuntime
import DSSchedule
import DSTuning

/// A few entries of a schedule, timed again.
struct Canary {
  private(set) var lines: [String] = []
  private(set) var notes: [String] = []
  private(set) var isStale = false

  /// Beyond this a time is another one, whatever the noise.
  private static let tolerance = 1.15

  /// Whether the threads' cores lie as close to each other as when the schedule was made. A note, since it may change
  /// from minute to minute.
  private mutating func compareBarriers(
    _ schedule: Schedule, processors: [Int]
  ) throws(RuntimeError) {
    guard let noise = schedule.noise, let least = noise.leastBarrierNanoseconds,
      let most = noise.mostBarrierNanoseconds, processors.count >= schedule.threads
    else { return }
    let pool = try WorkerPool(workers: schedule.threads, processors: processors)
    let now = pool.barrierNanoseconds()
    if MeasurementDoubt.doubts(barrierNanoseconds: [least, now]).isEmpty
      || MeasurementDoubt.doubts(barrierNanoseconds: [most, now]).isEmpty
    {
      return
    }
    // Of a file, which may say anything.
    let (low, high) = (Quantity.fixed(least, decimals: 0), Quantity.fixed(most, decimals: 0))
    let range = low == high ? low : "\(low) to \(high)"
    notes.append(
      "a barrier of its threads takes \(Quantity.fixed(now, decimals: 0)) ns and took \(range) ns while "
        + "the schedule was made: their cores lie closer or farther apart now, and times on several threads are others"
    )
  }

  init(
    _ schedule: Schedule, _ resolution: ScheduleResolution, instructionSet: InstructionSet
  ) throws(RuntimeError) {
    let timed = schedule.entries.filter { $0.microseconds.samples > 0 }
      .sorted { $0.microseconds.median > $1.microseconds.median }
    if timed.isEmpty {
      notes.append("the schedule is a prediction: there is no time to compare with")
    }
    let processors = LiveMachine.current.processors
    try compareBarriers(schedule, processors: processors)
    // Worker 0 is this thread, which the pool leaves where it is.
    _ = (try? Topology())?.bindCurrentThread(to: processors[0])
    // As in tuning: enough weights to push each other out of the second level.
    let rotationBytes = 2 * (LiveMachine.current.description.cache(level: 2)?.byteCount ?? 1 << 20)
    for entry in timed.prefix(3) {
      guard let problem = try? Problem(key: entry.problem), let choice = resolution.choices[problem]
      else { continue }
      let pool = try WorkerPool(workers: choice.workers, processors: processors)
      let bench = TrialBench(
        problem, channelBlock: instructionSet.channelBlock(problem.elementType), pool: pool, seed: 1
      )
      let run = bench.prepare(
        Candidate(
          kernel: choice.kernel, values: choice.values, workers: choice.workers,
          predictedMicroseconds: 0), rotationBytes: rotationBytes)
      WarmUp(iterations: 1) { run.run(iterations: $0) }
      let calibration = BlockCalibration { run.run(iterations: $0) }
      let timer = BlockTimer()
      let samples = (0..<15).map { round in
        timer.time(round: round, iterations: calibration.iterations) { run.run(iterations: $0) }
          .nanosecondsPerRun / 1000
      }
      guard let median = SortedSample(samples)?.median else { continue }
      let ratio = median / entry.microseconds.median
      let isOff = ratio > Self.tolerance || ratio < 1 / Self.tolerance
      isStale = isStale || isOff
      lines.append(
        "canary: \(entry.problem): \(Quantity.fixed(median, decimals: 1)) µs, "
          + "\(Quantity.fixed(ratio, decimals: 2)) times the schedule's"
          + (isOff ? ": stale, run dstune again" : ""))
    }
  }
}
