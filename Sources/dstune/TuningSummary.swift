import DSCommandLine
import DSSchedule
import DSTuning

/// What `dstune` prints at the end: the winners, the whole network rung by rung, and what was found out.
struct TuningSummary {
  private let result: TuningResult
  private let output: String?
  private let journal: String?

  /// - Parameters:
  ///   - output: where the schedule was written, if it was.
  ///   - journal: that has the trials, for what can be done with it.
  init(_ result: TuningResult, output: String?, journal: String?) {
    self.result = result
    self.output = output
    self.journal = journal
  }

  func print(in form: OutputForm, to console: Console) throws {
    if form == .json {
      try console.write(result.schedule.text)
    } else {
      try console.write(table, in: form)
      try FindingsText(result.schedule, journal: journal)?.write(to: console, in: form)
      try console.write(lines, in: form)
    }
    for warning in result.schedule.warnings { console.warning(warning) }
  }

  private var table: Table {
    var table = Table(columns: [
      .init("problem", minimumWidth: 16), .init("×", alignment: .right),
      .init("kernel", minimumWidth: 12), .init("parameters", priority: 2, minimumWidth: 8),
      .init("cores", priority: 3), .init("µs", alignment: .right),
      .init("vs default", alignment: .right),
      .init("default behind best", alignment: .right, priority: 4), .init("bound", priority: 1),
    ])
    for entry in result.schedule.entries {
      let parameters = entry.parameters.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      table.append([
        entry.problem, "\(entry.count)", entry.kernel, parameters, entry.cores,
        Quantity.fixed(entry.microseconds.median, decimals: 1),
        entry.vsDefault.map { Quantity.fixed($0.ratio, decimals: 2) } ?? "-",
        result.schedule.findings?.layer(entry.problem)?.behindText ?? "-",
        entry.bound ?? "-",
      ])
    }
    return table
  }

  private var place: String { output.map { "; written to \($0)" } ?? "" }

  private var audit: String? {
    let audit = result.audit
    if audit.timedCount == 0 { return nil }
    let wins =
      audit.winCount == 0
      ? "none won its problem"
      : "\(audit.winCount) won their problems, by \(Quantity.percent(audit.regret)) at most"
    return "prune audit: of \(audit.timedCount) pruned candidates that were timed all the same "
      + wins
  }

  private var lines: [String] {
    var lines: [String] = []
    if let audit { lines.append(audit) }
    if let noise = result.schedule.noise {
      lines.append(
        "noise floor \(Quantity.percent(noise.floorRatio - 1)); "
          + "\(Quantity.fixed(result.elapsedSeconds, decimals: 1)) s" + place)
    } else {
      lines.append("predicted, nothing was timed" + place)
    }
    return lines
  }
}
