import DSCommandLine
import DSNetworks
import DSSchedule
import DSTuning

/// What `dstune` prints at the end: the winners, and the whole network before and after.
struct TuningSummary {
  private let result: TuningResult
  private let network: Network
  private let output: String?

  /// - Parameter output: where the schedule was written, if it was.
  init(_ result: TuningResult, network: Network, output: String?) {
    self.result = result
    self.network = network
    self.output = output
  }

  func print(_ format: String, to console: Console) throws {
    if format == "json" {
      try console.write(result.schedule.text)
    } else {
      try console.write(table.text(for: console.terminal))
      try console.print()
      for line in lines { try console.print(line) }
    }
    for warning in result.schedule.warnings { console.warning(warning) }
  }

  private var table: Table {
    var table = Table(columns: [
      .init("problem", minimumWidth: 16), .init("×", alignment: .right),
      .init("kernel", minimumWidth: 12), .init("parameters", priority: 2, minimumWidth: 8),
      .init("cores", priority: 3), .init("µs", alignment: .right),
      .init("vs default", alignment: .right), .init("bound", priority: 1),
    ])
    for entry in result.schedule.entries {
      let parameters = entry.parameters.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      table.append([
        entry.problem, "\(entry.count)", entry.kernel, parameters, entry.cores,
        Quantity.fixed(entry.microseconds.median, decimals: 1),
        entry.vsDefault.map { Quantity.fixed($0.ratio, decimals: 2) } ?? "-",
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
    if let whole = result.schedule.networkResult {
      let before = Quantity.fixed(whole.defaultMilliseconds, decimals: 3)
      let after = Quantity.fixed(whole.tunedMilliseconds, decimals: 3)
      if result.confirmation?.isGain == true {
        lines.append(
          "\(network.name): default \(before) ms, tuned \(after) ms: "
            + "\(Quantity.fixed(whole.ratio, decimals: 3)) times as fast "
            + "[\(Quantity.fixed(whole.low, decimals: 3)), \(Quantity.fixed(whole.high, decimals: 3))]"
        )
      } else {
        let claim = (result.confirmation?.smallestClaim).map { " of \(Quantity.percent($0 - 1))" }
        lines.append(
          "\(network.name): \(before) ms; no gain\(claim ?? "") shown of tuned over default kernels, "
            + "the defaults are kept")
      }
    }
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
