import DSCore
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule

/// Writes what tuning found out, kept or not, for the schedule.
struct FindingsBuilder {
  private let tuner: Tuner
  private let singles: [ProblemResult]
  private let confirmation: Confirmation?
  private let ladder: LadderRecord?
  private let plan: NetworkPlan?

  /// - Parameter plan: that is kept; `nil` for a shard.
  init(
    _ tuner: Tuner, results: [ProblemResult], confirmation: Confirmation?, ladder: LadderRecord?,
    plan: NetworkPlan?
  ) {
    self.tuner = tuner
    singles = results.filter { $0.space.problem.stages.count == 1 }
    self.confirmation = confirmation
    self.ladder = ladder
    self.plan = plan
  }

  var findings: TuningFindings {
    TuningFindings(
      outcome, ladder: rungs, peakGigaflops: ladder?.peakGigaflops,
      limitMilliseconds: limitMilliseconds, gain: gain, layers: layers)
  }

  private var outcome: TuningOutcome {
    if tuner.request.effort == .estimate { return .predicted }
    if tuner.request.shard != nil { return .shard }
    guard let confirmation else { return tuner.networkFailure == nil ? .stopped : .notTimed }
    // Which of the two it was is told by all barriers, those after the race too.
    let barriers = tuner.barrierNanoseconds
    let haveMoved = !MeasurementDoubt.doubts(barrierNanoseconds: barriers).isEmpty
    return confirmation.outcome == .coresMoved && !haveMoved ? .coresApart : confirmation.outcome
  }

  private var gain: NetworkGain? {
    guard let confirmation, let attempt = confirmation.attempt else { return nil }
    return NetworkGain(
      speedup: RatioInterval(attempt.speedup), rounds: attempt.speedup.pairs,
      fasterRounds: attempt.fasterRounds, neededRounds: confirmation.neededRounds,
      smallestClaim: confirmation.smallestClaim.roundedForFile)
  }

  // MARK: - The ladder

  private var rungs: [NetworkRung] {
    guard let plan else { return [] }
    func rung(_ name: String, _ milliseconds: Double, _ basis: NetworkRung.Basis) -> NetworkRung {
      NetworkRung(
        name: name, milliseconds: milliseconds.roundedForFile,
        gigaflops: (Double(plan.flops) / milliseconds / 1e6).roundedForFile, basis: basis)
    }
    let lower = (ladder?.rungs ?? []).map { rung($0.name, $0.milliseconds, $0.basis) }
    guard let confirmation else {
      let added = [
        ("default", addedMilliseconds(\.referenceNanoseconds)),
        ("tuned", addedMilliseconds(\.nanoseconds)),
      ]
      return lower + added.compactMap { name, time in time.map { rung(name, $0, .kernels) } }
    }
    let milliseconds = [
      ("default", confirmation.defaultNanoseconds.median / 1e6),
      ("tuned", confirmation.attempt.map { $0.nanoseconds.median / 1e6 }),
    ]
    return lower
      + milliseconds.compactMap { name, time in time.map { rung(name, $0, .wholeNetwork) } }
  }

  /// The layers' own times; `nil` where one of them was not timed.
  private func addedMilliseconds(_ time: (ProblemResult) -> MedianInterval?) -> Double? {
    var nanoseconds = 0.0
    for result in singles {
      guard let own = time(result) else { return nil }
      nanoseconds += own.median * Double(result.space.count)
    }
    return nanoseconds * Double(tuner.request.network.microBatchCount) / 1e6
  }

  /// The roofs of the kept plan's steps added up, with the peak that was measured beside the network where it was.
  private var limitMilliseconds: Double? {
    var machine = tuner.machine
    let workers = tuner.request.workers
    if let peak = ladder?.peakGigaflops {
      machine.roofs.fmaGigaflopsPerCore = peak / Double(workers)
    }
    guard let plan, machine.roofs.fmaGigaflopsPerCore != nil else { return nil }
    let microseconds = plan.steps.reduce(0) {
      $0
        + ProblemRoof($1.problem, by: $1.choice.kernel, workers: workers, machine: machine)
        .microseconds
    }
    return (microseconds * Double(plan.network.microBatchCount) / 1000).roundedForFile
  }

  // MARK: - Layers

  private var layers: [LayerFinding] {
    if tuner.request.effort == .estimate { return [] }
    return singles.map { result in
      let isDefault = result.best?.candidate.label == result.space.reference.label
      return LayerFinding(
        problem: result.space.problem.key, count: result.space.count,
        candidates: result.racedCount, best: isDefault ? nil : result.best?.candidate.label,
        defaultOverBest: result.best.map { RatioInterval($0.speedup) })
    }
  }
}
