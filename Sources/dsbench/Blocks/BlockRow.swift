import DSCommandLine
import DSMeasurement
import DSSchedule

/// One block measured, beside the standard convolution.
struct BlockRow {
  let variant: BlockVariant
  let kernels: [String]
  let microseconds: MedianInterval
  /// Nanoseconds a run, those of a pass together.
  let passes: [[Double]]
  /// The standard convolution's multiply-adds divided by this block's: the saving on paper.
  let theoreticalSaving: Double
  /// The standard convolution's time divided by this block's.
  let measuredSaving: PairedRatio

  /// How much of the saving on paper the machine gives.
  var givenBack: Double { measuredSaving.ratio / theoreticalSaving }
  var gigaflops: Double { 2 * Double(variant.multiplyAdds) / microseconds.median / 1000 }

  /// - Parameter outcome: of the runs in their order, the standard convolution first.
  static func rows(_ runs: [BlockRun], _ outcome: LadderRace.Outcome) -> [BlockRow] {
    runs.enumerated().compactMap { index, run in
      let passes = outcome.times.times(of: index, passes: outcome.passes)
      guard let time = MedianInterval(runToRunTimes: passes.map { $0.map { $0 / 1000 } }),
        let saving = outcome.times.runToRunRatio(
          of: 0, over: index, passes: outcome.passes)
      else { return nil }
      return BlockRow(
        variant: run.variant, kernels: run.candidates.map(\.label),
        microseconds: time, passes: passes,
        theoreticalSaving: Double(runs[0].variant.multiplyAdds) / Double(run.variant.multiplyAdds),
        measuredSaving: saving)
    }
  }

  static func table(_ rows: [BlockRow]) -> Table {
    var table = Table(columns: [
      .init("block", minimumWidth: 12), .init("M multiply-adds", alignment: .right, priority: 4),
      .init("parameters", alignment: .right, priority: 3), .init("µs", alignment: .right),
      .init("interval", alignment: .right, priority: 1),
      .init("GFLOP/s", alignment: .right, priority: 2),
      .init("saving on paper", alignment: .right, priority: 6),
      .init("measured", alignment: .right), .init("given back", alignment: .right, priority: 5),
    ])
    for row in rows {
      let time = row.microseconds
      table.append([
        row.variant.name, Quantity.fixed(Double(row.variant.multiplyAdds) / 1e6, decimals: 1),
        "\(row.variant.parameters)", Quantity.significant(time.median, digits: 4),
        Quantity.significant(time.low, digits: 4) + "–"
          + Quantity.significant(time.high, digits: 4),
        Quantity.significant(row.gigaflops),
        Quantity.fixed(row.theoreticalSaving, decimals: 2) + "×",
        Quantity.fixed(row.measuredSaving.ratio, decimals: 2) + "×",
        Quantity.percent(row.givenBack),
      ])
    }
    return table
  }

  var json: JSONValue {
    .object([
      "block": .string(variant.name),
      "problems": .array(variant.problems.map { .string($0.key) }),
      "kernels": .array(kernels.map(JSONValue.string)),
      "multiply_adds": .integer(variant.multiplyAdds), "parameters": .integer(variant.parameters),
      "microseconds": .object([
        "median": .number(microseconds.median), "low": .number(microseconds.low),
        "high": .number(microseconds.high), "samples": .integer(microseconds.count),
      ]),
      "gflops": .number(gigaflops), "theoretical_saving": .number(theoreticalSaving),
      "measured_saving": .object([
        "ratio": .number(measuredSaving.ratio), "low": .number(measuredSaving.low),
        "high": .number(measuredSaving.high),
      ]),
      "given_back": .number(givenBack),
      "passes": .array(passes.map { .integer($0.count) }),
      "samples_ns": .array(passes.joined().map(JSONValue.number)),
    ])
  }
}
