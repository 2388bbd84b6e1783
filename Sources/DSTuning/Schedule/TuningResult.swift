import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule

/// The outcome of a tuning run: the schedule, and what it rests on.
public struct TuningResult: Sendable {
  public let schedule: Schedule
  public let results: [ProblemResult]
  /// `nil` if the run stopped before the whole network was timed, and of shards.
  public let confirmation: Confirmation?
  public let elapsedSeconds: Double

  public var audit: PruneAudit { PruneAudit(results) }

  init(
    _ tuner: Tuner, results: [ProblemResult], confirmation: Confirmation?,
    ladder: LadderRecord? = nil
  ) throws(RuntimeError) {
    self.results = results
    self.confirmation = confirmation
    elapsedSeconds = tuner.elapsedSeconds
    let request = tuner.request
    let choices: [Problem: KernelChoice]
    if let confirmation {
      choices = confirmation.choices
    } else {
      // Without the whole network's word, single problems' winners are the best that is known.
      let singles = results.filter { $0.space.problem.stages.count == 1 }
      choices = Dictionary(
        uniqueKeysWithValues: singles.map { ($0.space.problem, KernelChoice($0.winner)) })
    }
    let byProblem = Dictionary(uniqueKeysWithValues: results.map { ($0.space.problem, $0) })
    let builder = EntryBuilder(tuner, results: byProblem, confirmation: confirmation)
    let entries: [ScheduleEntry]
    let plan = request.shard == nil ? try tuner.plan(choices) : nil
    if let plan {
      entries = builder.entries(plan)
    } else {
      entries = results.map {
        builder.entry($0.space.problem, KernelChoice($0.winner), count: $0.space.count)
      }
    }
    schedule = Schedule(
      network: NetworkIdentity(request.network),
      tool: ToolIdentity(version: ToolIdentity.packageVersion, registry: tuner.registry.signature),
      machine: builder.identity, threads: request.workers,
      instructionSetLimit: request.instructionSet < tuner.declared.instructionSet
        ? request.instructionSet : nil,
      noise: request.effort == .estimate
        ? nil
        : NoiseRecord(
          floorRatio: tuner.noiseFloor, barrierNanoseconds: tuner.barrierNanoseconds),
      entries: entries, networkResult: confirmation.map(NetworkResult.init),
      findings: FindingsBuilder(
        tuner, results: results, confirmation: confirmation, ladder: ladder, plan: plan
      ).findings,
      warnings: builder.warnings)
  }
}
