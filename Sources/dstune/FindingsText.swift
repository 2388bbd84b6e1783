import DSCommandLine
import DSSchedule

/// What a tuning found out, in words: the same at its end, when its journal is replayed and when its schedule is explained.
struct FindingsText {
  let schedule: Schedule
  let findings: TuningFindings
  /// The journal's name, for what can be done with it.
  let journal: String

  /// - Returns: `nil` for a schedule of an earlier version, which says nothing of it.
  init?(_ schedule: Schedule, journal: String?) {
    guard let findings = schedule.findings else { return nil }
    self.schedule = schedule
    self.findings = findings
    self.journal = journal ?? "JOURNAL"
  }

  func write(to console: Console, in form: OutputForm) throws {
    if let ladder {
      try console.write("\n")
      try console.write(ladder, in: form)
    }
    try console.write(lines, in: form)
  }

  var lines: [String] {
    caption + outcome + [limit, layers, PeerRecord(of: schedule)?.sentence].compactMap(\.self)
  }

  // MARK: - The ladder

  /// The whole network, rung by rung; `nil` where nothing of it is known.
  private var ladder: Table? {
    guard let first = findings.ladder.first else { return nil }
    let threads = schedule.threads == 1 ? "1 thread" : "\(schedule.threads) threads"
    var table = Table(columns: [
      .init("whole network, \(threads)", minimumWidth: 16),
      .init("ms", alignment: .right), .init("% of peak", alignment: .right),
      .init("× \(first.name)", alignment: .right, priority: 1),
    ])
    for rung in findings.ladder {
      let isTimed = rung.basis == .wholeNetwork
      let share = peak.map { Quantity.fixed(100 * rung.gigaflops / $0, decimals: 1) }
      table.append([
        title(rung),
        isTimed
          ? Quantity.fixed(rung.milliseconds, decimals: 3)
          : "≈ " + Quantity.significant(rung.milliseconds),
        share.map { isTimed && findings.peakGigaflops != nil ? $0 : "≈ " + $0 } ?? "-",
        rung == first
          ? "1"
          : (isTimed && first.basis == .wholeNetwork ? "" : "≈ ")
            + Quantity.significant(first.milliseconds / rung.milliseconds),
      ])
    }
    return table
  }

  private func title(_ rung: NetworkRung) -> String {
    guard rung.name == "tuned", findings.gain != nil, !isKept else { return rung.name }
    return findings.outcome == .tooFewRounds ? "tuned, not decided" : "tuned, not kept"
  }

  private var isKept: Bool { findings.outcome == .kept || findings.outcome == .accepted }

  /// Whether the schedule has what won, be it in the whole network or layer by layer.
  private var hasWinners: Bool {
    isKept || findings.outcome == .stopped || findings.outcome == .notTimed
  }

  /// GFLOP/s of all threads: measured beside the network, or what one core reached at its best.
  private var peak: Double? {
    findings.peakGigaflops
      ?? schedule.machine.roofs.fmaGigaflopsPerCore.map { $0 * Double(schedule.threads) }
  }

  private var caption: [String] {
    guard !findings.ladder.isEmpty else { return [] }
    let source =
      findings.peakGigaflops == nil
      ? "\(schedule.threads == 1 ? "what" : "\(schedule.threads) times what") one core reached alone"
      : "what its threads multiply and add on registers, measured beside it"
    let hundred = peak.map { "100 % of peak are \(Quantity.significant($0)) GFLOP/s, \(source)" }
    let isAdded = findings.ladder.contains { $0.basis != .wholeNetwork }
    let estimate = isAdded ? "≈ is worked out from single kernels, not timed as a whole" : nil
    let parts = [hundred, estimate].compactMap(\.self)
    return parts.isEmpty ? [] : [parts.joined(separator: "; ")]
  }

  // MARK: - The limit

  /// A default that leaves little to gain is a good one, and reads as that.
  private static let nearlyThere = 0.85

  private var limit: String? {
    let rung = findings.rung(hasWinners ? "tuned" : "default")
    guard let limit = findings.limitMilliseconds, limit > 0, let rung,
      rung.milliseconds > 0
    else { return nil }
    let share = limit / rung.milliseconds
    // Roofs are measured too, and another moment's may be lower.
    let percent =
      share < 0.995 ? "\(Quantity.fixed(100 * share, decimals: 0)) % of the limit" : "the limit"
    let already = share >= Self.nearlyThere ? "already at" : "at"
    let rest = share >= Self.nearlyThere ? ": little is left to gain" : ""
    return
      "the \(hasWinners ? "tuned plan" : "default") is \(already) \(percent), \(Quantity.significant(limit)) ms by the measured "
      + "roofs of its layers\(rest)"
  }
}
