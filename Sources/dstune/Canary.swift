import DSCommandLine
import DSCore
import DSKernels
import DSMachine
import DSMeasurement
import DSRuntime
import DSSchedule
import DSTuning
import Glibc

/// A few entries of a schedule, timed again.
struct Canary {
  private(set) var lines: [String] = []
  private(set) var notes: [String] = []
  private(set) var isStale = false

  /// Beyond this factor a time is another one, whatever the noise.
  private static let tolerance = 1.15

  /// How often an entry is timed before it is called stale, and how far apart: longer than a neighbour's turn on the core.
  private static let attempts = 3
  private static let pauseMicroseconds: UInt32 = 200_000

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
    // Worker 0 is this thread, which the pool leaves where it is: on another worker's core a barrier takes 0.2 ms.
    _ = (try? Topology())?.bindCurrentThread(to: processors[0])
    try compareBarriers(schedule, processors: processors)
    for entry in timed.prefix(3) {
      guard let problem = try? Problem(key: entry.problem), let choice = resolution.choices[problem]
      else { continue }
      let pool = try WorkerPool(workers: choice.workers, processors: processors)
      let bench = try TrialBench(
        problem, channelBlock: instructionSet.channelBlock(problem.elementType), pool: pool, seed: 1
      )
      try compare(entry, with: choice, on: bench)
    }
  }

  private mutating func compare(
    _ entry: ScheduleEntry, with choice: KernelChoice, on bench: TrialBench
  ) throws(RuntimeError) {
    // As in tuning: enough weights to push each other out of the second level.
    let rotationBytes = 2 * (LiveMachine.current.description.cache(level: 2)?.byteCount ?? 1 << 20)
    let run = try bench.prepare(
      Candidate(
        kernel: choice.kernel, values: choice.values, workers: choice.workers,
        predictedMicroseconds: 0), rotationBytes: rotationBytes)
    let expected = ExpectedTime(
      microseconds: entry.microseconds.median, tolerance: Self.tolerance)
    let median = expected.nearestReading(attempts: Self.attempts) { attempt in
      if attempt > 0 { usleep(Self.pauseMicroseconds) }
      return Self.medianMicroseconds(of: run)
    }
    let isOff = !expected.agrees(median)
    isStale = isStale || isOff
    lines.append(
      "canary: \(entry.problem): \(Quantity.fixed(median, decimals: 1)) µs, "
        + "\(Quantity.fixed(median / expected.microseconds, decimals: 2)) times the schedule's"
        + (isOff ? ": stale, run dstune again" : ""))
  }

  /// The median of fifteen blocks, which always is one.
  private static func medianMicroseconds(of run: TrialRun) -> Double {
    WarmUp(iterations: 1) { run.run(iterations: $0) }
    let calibration = BlockCalibration { run.run(iterations: $0) }
    let timer = BlockTimer()
    let samples = (0..<15).map { round in
      timer.time(round: round, iterations: calibration.iterations) { run.run(iterations: $0) }
        .nanosecondsPerRun / 1000
    }
    return SortedSample(samples)?.median ?? .infinity
  }
}
