import DSCommandLine
import DSSchedule

extension FindingsText {
  /// What was gained, whether it was kept, and what would have to hold for it to be.
  var outcome: [String] {
    switch findings.outcome {
    case .kept: ["kept: the tuned plan is \(gain)"]
    case .accepted:
      [
        "kept because you accepted it: the tuned plan is \(gain)",
        "unasked, a plan is kept only where the whole interval lies above \(claim)",
      ]
    case .coresMoved: coresMoved
    case .coresApart: coresApart
    case .tooNoisy:
      [
        "gained, but not kept: the tuned plan is \(gain)",
        "why: copies of the default differ by up to \(claim) here, and a plan has to gain more than that for certain",
        "to keep it: tune again when the machine is quieter, or \(acceptance)",
      ]
    case .tooSmall: tooSmall
    case .notShown:
      [
        "no gain shown, the default is kept: the tuned plan is \(gain): it may be no faster at all",
        "to keep a plan: its whole interval has to lie above \(claim); --effort patient times more rounds and "
          + "more candidates",
      ]
    case .slower:
      ["the default is kept: what won layer by layer is slower together, \(gain)"]
    case .nothingBetter:
      [
        "nothing better found, the default is kept: no winner of a layer's race was faster inside the network too"
      ]
    case .tooFewRounds:
      [
        "not decided, the default is kept: the tuned plan is \(gain), and \(needed) rounds are needed",
        "to decide it: go on with --resume and more --time, or \(acceptance)",
      ]
    case .stopped:
      [
        "not decided: the tuning stopped before the whole network was timed; the schedule has what won layer by "
          + "layer so far",
        "to decide it: go on with --resume and more --time",
      ]
    case .notTimed:
      [
        "not decided: the whole network could not be timed; the schedule has what won layer by layer"
      ]
    case .predicted:
      ["a prediction of the cost model: without --effort estimate the candidates are timed"]
    case .shard:
      [
        "a part of a tuning, timed layer by layer: dstune merge --plan PLAN puts the parts together"
      ]
    case .merged:
      [
        "merged: what won layer by layer was not timed together; dsbench compare schedules default FILE does that"
      ]
    case nil: ["\(quoted(findings.outcomeName)), which a newer version knows"]
    }
  }

  private var tooSmall: [String] {
    let isPatient = (findings.gain?.smallestClaim ?? 1) <= 1.01
    return [
      "gained, but not kept: the tuned plan is \(gain)",
      "why: less than \(claim) is found by one run and not by the next, so the whole interval has to lie above that",
      "to keep it: " + (isPatient ? "" : "tune with --effort patient, which keeps 1 %, or ")
        + acceptance,
    ]
  }

  // MARK: - Cores

  private var coresMoved: [String] {
    [
      "gained, but not kept: the tuned plan is \(gain)",
      "why: the cores moved (a barrier of the threads took \(barriers) ns), and what is gained while they share no "
        + "cache may be lost when they do, so a plan is kept only from \(claim) on",
      "to keep it: tune again when the cores lie together, or \(acceptance)",
    ]
  }

  private var coresApart: [String] {
    [
      "gained, but not kept: the tuned plan is \(gain)",
      "why: the cores lie farther apart than the topology says (a barrier of the threads took \(barriers) ns), and what "
        + "is gained so may be lost when they share a cache, so a plan is kept only from \(claim) on",
      "to keep it: tune again when the cores lie together, or \(acceptance)",
    ]
  }

  private var barriers: String {
    let ends = [schedule.noise?.leastBarrierNanoseconds, schedule.noise?.mostBarrierNanoseconds]
      .map { $0.map { Quantity.fixed($0, decimals: 0) } ?? "?" }
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
  }

  // MARK: - Parts of sentences

  private var gain: String {
    guard let gain = findings.gain else { return "of unknown speed" }
    let speedup = gain.speedup
    return "\(Quantity.fixed(speedup.ratio, decimals: 3)) times as fast as the default "
      + "[\(Quantity.fixed(speedup.low, decimals: 3)), \(Quantity.fixed(speedup.high, decimals: 3))], "
      + "faster in \(gain.fasterRounds) of \(gain.rounds) rounds"
  }

  /// "10 %", "3.4 %"
  private var claim: String {
    guard let gain = findings.gain else { return "the noise floor" }
    let percent = (1000 * (gain.smallestClaim - 1)).rounded() / 10
    return Quantity.fixed(percent, decimals: percent == percent.rounded() ? 0 : 1) + " %"
  }

  private var needed: String { findings.gain.map { "\($0.neededRounds)" } ?? "more" }

  private var acceptance: String {
    "take it now with dstune replay \(journal) --accept -o FILE"
  }
}
