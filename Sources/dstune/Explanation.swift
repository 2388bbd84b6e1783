import DSCommandLine
import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule
import DSTuning

/// The reasons behind a schedule's entries.
struct Explanation {
  private let machine: MachineDescription
  private let schedule: Schedule
  private let network: Network
  private let trials: RecordedTrials?
  /// What the journal's run asked for: it decides what was not timed.
  private let request: TuningRequest?
  private let header: JournalHeader?
  /// By their problems' keys.
  private let layers: [String: LayerFinding]

  init(
    _ schedule: Schedule, network: Network,
    recorded: (header: JournalHeader, trials: RecordedTrials)?
  ) {
    var machine = LiveMachine.current.description
    machine.roofs = schedule.machine.roofs
    self.machine = machine
    self.schedule = schedule
    self.network = network
    layers = Dictionary(
      (schedule.findings?.layers ?? []).map { ($0.problem, $0) },
      uniquingKeysWith: { first, _ in first })
    trials = recorded?.trials
    header = recorded?.header
    request = try? recorded?.header.request(network: network)
  }

  private func microseconds(_ value: Double) -> String {
    Quantity.fixed(value, decimals: 1) + " µs"
  }

  func line(_ entry: ScheduleEntry) -> String {
    let bound = entry.bound.map { "bound by \($0)" } ?? "bound unknown"
    return "\(entry.problem): \(entry.kernel), \(microseconds(entry.microseconds.median)), "
      + "\(bound), \(entry.state.rawValue)"
      + (entry.ties.isEmpty ? "" : ", \(entry.ties.count) ties")
      + (layers[entry.problem].map { ", \($0.sentence)" } ?? "")
  }

  func lines(_ entry: ScheduleEntry) -> [String] {
    guard let problem = try? Problem(key: entry.problem) else { return [line(entry)] }
    let workers = CorePattern(entry.cores)?.workers ?? 1
    let kernel = try? Registry.standard.kernel(id: entry.kernel)
    let roof = ProblemRoof(problem, by: kernel, workers: workers, machine: machine)
    let percent = 100 * roof.microseconds / max(entry.microseconds.median, 1e-9)
    var lines = [
      entry.problem,
      "  \(problem.multiplyAdds) multiply-adds, \(problem.compulsoryBytes) bytes at least, "
        + "\(entry.count) times in the network",
      "  bound by \(roof.bound): at least \(microseconds(roof.microseconds)); measured "
        + "\(microseconds(entry.microseconds.median)) "
        + "[\(microseconds(entry.microseconds.low)), \(microseconds(entry.microseconds.high))], "
        + "\(Quantity.fixed(percent, decimals: 0)) % of the roof, \(entry.microseconds.samples) samples",
      "  kernel \(entry.kernel) on \(entry.cores), \(entry.state.rawValue)",
    ]
    if let ratio = entry.vsDefault {
      lines.append(
        "  \(Quantity.fixed(ratio.ratio, decimals: 3)) times as fast as the default "
          + "[\(Quantity.fixed(ratio.low, decimals: 3)), \(Quantity.fixed(ratio.high, decimals: 3))]"
      )
    }
    if let layer = layers[entry.problem] { lines += behind(layer) }
    lines += entry.ties.map { "  tied: \($0)" }
    if let note = entry.note { lines.append("  \(note)") }
    return lines + losers(entry) + pruned(problem)
  }

  /// How far the default was from the best of all that raced.
  private func behind(_ layer: LayerFinding) -> [String] {
    guard let ratio = layer.defaultOverBest else { return ["  \(layer.sentence)"] }
    let interval =
      "[\(Quantity.fixed(ratio.low, decimals: 3)), \(Quantity.fixed(ratio.high, decimals: 3))]"
    return ["  " + layer.sentence + (layer.best.map { ", \($0) \(interval)" } ?? "")]
  }

  /// By the ratio of times of the same rounds: medians of different rounds do not compare.
  private func losers(_ entry: ScheduleEntry) -> [String] {
    guard let race = trials?.races[entry.problem], !race.rounds.isEmpty else { return [] }
    var times = RaceTimes(candidates: race.candidates.count)
    for round in race.rounds where round.allSatisfy({ $0.dropReason == nil }) {
      guard round.allSatisfy({ race.candidates.indices.contains($0.candidate) }) else { continue }
      times.append(round.map { ($0.candidate, $0.nanosecondsPerRun) })
    }
    let rows = race.candidates.indices.compactMap { index in
      times.ratio(of: index, over: 0, confidence: 0.95).map { (index: index, ratio: $0) }
    }.sorted { $0.ratio.ratio < $1.ratio.ratio }
    guard let best = rows.first else { return [] }
    var lines = ["  raced, times as slow as the fastest, by rounds with the default:"]
    for row in rows {
      let own = times.times(of: row.index).map { $0 / 1000 }
      lines.append(
        "    \(Quantity.fixed(row.ratio.ratio / best.ratio.ratio, decimals: 3))x "
          + "\(SortedSample(own).map { microseconds($0.median) } ?? "-") "
          + "\(race.candidates[row.index]) (\(own.count) rounds)")
    }
    return lines
  }

  /// Which candidates the journal's run did not time; without it that is not known.
  private func pruned(_ problem: Problem) -> [String] {
    guard let request, let header else { return ["  not timed: unknown without the journal"] }
    let machine = header.restoring(machine)
    guard
      let space = SearchSpace(
        problem, count: 1, request: request,
        workerCounts: header.patterns.keys.filter { $0 <= request.workers }.sorted(),
        model: CostModel(machine: machine),
        defaultModel: CostModel(machine: LiveMachine.current.description))
    else { return [] }
    var reasons: [String: Int] = [:]
    for row in space.pruned { reasons[row.reason.kind, default: 0] += 1 }
    let raced = Set(trials?.races[problem.key]?.candidates ?? [])
    let late = space.candidates.count { !raced.contains($0.label) }
    if late > 0 && !raced.isEmpty { reasons["no time for more in one race, or wrong"] = late }
    return ["  not timed: \(reasons.values.reduce(0, +)) candidates"]
      + reasons.sorted { $0.key < $1.key }.map { "    \($0.value): \($0.key)" }
  }
}
