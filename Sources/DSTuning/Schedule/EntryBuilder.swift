import DSCore
import DSKernels
import DSMeasurement
import DSNetworks
import DSRuntime
import DSSchedule

/// Writes what tuning found out as entries of a schedule.
struct EntryBuilder {
  private let tuner: Tuner
  private let results: [Problem: ProblemResult]
  private let confirmation: Confirmation?

  init(_ tuner: Tuner, results: [Problem: ProblemResult], confirmation: Confirmation?) {
    self.tuner = tuner
    self.results = results
    self.confirmation = confirmation
  }

  var identity: MachineIdentity {
    var identity = MachineIdentity(
      tuner.declared, origin: tuner.request.effort == .estimate ? .predicted : .thisSystem)
    identity.roofs = tuner.machine.roofs
    return identity
  }

  /// One entry for each distinct problem of a plan.
  func entries(_ plan: NetworkPlan) -> [ScheduleEntry] {
    var counts: [Problem: Int] = [:]
    for step in plan.steps { counts[step.problem, default: 0] += 1 }
    return plan.choices.map { problem, choice in
      entry(problem, choice, count: counts[problem, default: 1])
    }
  }

  func entry(_ problem: Problem, _ choice: KernelChoice, count: Int) -> ScheduleEntry {
    let result = results[problem]
    let isWinner = result?.winner.label == choice.label
    let kernel = choice.kernel
    let time = interval(result, of: choice)
    let pattern = tuner.patterns[choice.workers] ?? CorePattern(cores: choice.workers)
    return ScheduleEntry(
      problem: problem.key, count: count, kernel: kernel.id,
      compatibility: kernel.compatibility, parameters: kernel.named(choice.values),
      cores: pattern.description,
      state: time.samples == 0 ? .predicted : state(result, isWinner: isWinner),
      microseconds: time,
      vsDefault: isWinner ? ratio(result?.speedup) : nil,
      ties: isWinner ? (result?.ties ?? []).prefix(8).map(\.label) : [],
      bound: ProblemRoof(
        problem, by: kernel, workers: choice.workers, machine: tuner.machine
      ).bound,
      note: isWinner ? nil : defaultNote)
  }

  /// Why a default is there though something else won its race.
  private var defaultNote: String {
    switch confirmation?.outcome {
    case .kept, .accepted, .nothingBetter, nil:
      "the default: the winner of its race was not faster by as much inside the network"
    default: "the default: the plan with the winners of the races was not kept (see findings)"
    }
  }

  /// Confirmed is what was chosen by measuring and is part of a network that was shown to be faster.
  private func state(_ result: ProblemResult?, isWinner: Bool) -> ScheduleEntry.State {
    guard let result, result.state != .predicted else { return .predicted }
    guard result.state == .measured, isWinner, confirmation?.isGain == true else {
      return result.state
    }
    return .confirmed
  }

  private func interval(_ result: ProblemResult?, of choice: KernelChoice) -> MeasuredInterval {
    guard let result else { return MeasuredInterval() }
    let candidate = [result.winner, result.space.reference].first { $0.label == choice.label }
    let time =
      choice.label == result.winner.label ? result.nanoseconds : result.referenceNanoseconds
    guard let time, candidate != nil else {
      let predicted = (candidate?.predictedMicroseconds ?? 0).roundedForFile
      return MeasuredInterval(median: predicted, low: predicted, high: predicted, samples: 0)
    }
    return MeasuredInterval(
      median: (time.median / 1000).roundedForFile, low: (time.low / 1000).roundedForFile,
      high: (time.high / 1000).roundedForFile, samples: time.count)
  }

  private func ratio(_ speedup: PairedRatio?) -> RatioInterval? {
    speedup.map(RatioInterval.init)
  }

  var warnings: [String] {
    var warnings = tuner.request.notes
    let audit = PruneAudit(results.values)
    if audit.winCount > 0 {
      let percent = (audit.regret * 1000).rounded() / 10
      let wins =
        audit.winCount == 1 ? "1 pruned candidate" : "\(audit.winCount) pruned candidates"
      warnings.append(
        "\(wins), timed as an audit, won by \(percent) % at most; --effort patient looks at more of them"
      )
    }
    let invalid = results.values.flatMap(\.invalid).map(\.label)
    if !invalid.isEmpty {
      warnings.append("left out because they compute something wrong: \(invalid.sorted())")
    }
    let predicted = results.values.count { $0.state == .predicted }
    if predicted > 0 && tuner.request.effort != .estimate {
      warnings.append("\(predicted) problems were not timed and run as predicted")
    }
    warnings += raceDoubts
    warnings += tuner.coreDoubts.map(\.description)
    if tuner.noiseFloor > MeasurementDoubt.noiseFloorLimit {
      warnings.append(MeasurementDoubt.highNoiseFloor(ratio: tuner.noiseFloor).description)
    }
    // A shard has only a part of the network: that is timed once all are merged.
    let timesNetwork = tuner.request.shard == nil && tuner.request.effort != .estimate
    if let failure = tuner.networkFailure {
      warnings.append("the whole network could not be timed: \(failure.description)")
    } else if confirmation?.outcome == .accepted {
      warnings.append(
        "the plan is kept because the user accepted it, not because as large a gain was shown as is asked for"
      )
    } else if confirmation == nil && timesNetwork {
      warnings.append(
        "the tuning stopped before the whole network was timed often enough for a decision")
    }
    return warnings
  }

  /// Doubts about single races: how many there are of a kind, and the worst.
  private var raceDoubts: [String] {
    var (short, dropped) = (0, [(count: Int, text: String)]())
    for result in results.values {
      for doubt in result.doubts {
        switch doubt {
        case .fewSamples where result.state == .partial: short += 1
        case .droppedRounds(let count, _, _):
          dropped.append((count, "'\(result.space.problem.key)': \(doubt)"))
        default: break
        }
      }
    }
    var warnings: [String] = []
    if short > 0 {
      warnings.append(
        "\(short) of \(results.count) races had too few rounds for a decision and keep their defaults: "
          + "allow more --time, or use --effort patient")
    }
    if let worst = dropped.max(by: { ($0.count, $1.text) < ($1.count, $0.text) }) {
      warnings.append(
        "\(dropped.count) of \(results.count) races lost rounds; the most, \(worst.text)")
    }
    return warnings
  }
}

extension NetworkIdentity {
  init(_ network: Network) {
    self.init(
      name: network.name, width: network.width, resolution: network.resolution,
      batch: network.batch, elementType: network.elementType)
  }
}

extension NetworkResult {
  init(_ confirmation: Confirmation) {
    let (first, kept) = (confirmation.defaultNanoseconds, confirmation.kept)
    let speedup = kept.map { RatioInterval($0.speedup) } ?? RatioInterval()
    self.init(
      defaultMilliseconds: (first.median / 1e6).roundedForFile,
      tunedMilliseconds: ((kept?.nanoseconds ?? first).median / 1e6).roundedForFile,
      ratio: speedup.ratio, low: speedup.low, high: speedup.high)
  }
}

extension RatioInterval {
  init(_ ratio: PairedRatio) {
    self.init(
      ratio: ratio.ratio.roundedForFile, low: ratio.low.roundedForFile,
      high: ratio.high.roundedForFile)
  }
}

extension Double {
  /// Four digits behind the point: nothing measured here is known more closely.
  var roundedForFile: Double { (self * 1e4).rounded() / 1e4 }
}
