import DSCommandLine
import DSMeasurement
import DSReporting
import Glibc

/// A row that two saved files have in common.
struct RunPair {
  let name: String
  let before: SavedRow
  let after: SavedRow
  /// `nil` where a file kept no samples.
  let pValue: Double?
  /// Whether chance is excluded, all rows of the table taken together.
  private var isShown = false

  init(_ before: SavedRow, _ after: SavedRow) {
    name = before.name
    self.before = before
    self.after = after
    let isTestable = !before.passNanoseconds.isEmpty && !after.passNanoseconds.isEmpty
    pValue =
      isTestable
      ? MannWhitneyTest(before.passNanoseconds, after.passNanoseconds).pValue : nil
  }

  /// After ÷ before, and the ends of its interval: the two files' own, added up as independent ones are, by logarithms (MOVER: Donner
  /// and Zou, Statistical Methods in Medical Research 21(4), 2012, doi:10.1177/0962280210375082). Without samples there are none.
  private var interval: (ratio: Double, ends: (low: Double, high: Double)?)? {
    guard let first = before.microseconds, let second = after.microseconds, first > 0, second > 0
    else { return nil }
    let ratio = second / first
    guard let before = before.interval, let after = after.interval else { return (ratio, nil) }
    let down = hypot(log(after.median / after.low), log(before.high / before.median))
    let up = hypot(log(after.high / after.median), log(before.median / before.low))
    return (ratio, (ratio * exp(-down), ratio * exp(up)))
  }

  /// `nil` where it is known no better than to a factor of two.
  var ratio: Double? {
    guard !before.isUndecided, !after.isUndecided, let interval else { return nil }
    if let ends = interval.ends, IntervalLimit.isExceeded(low: ends.low, high: ends.high) {
      return nil
    }
    return interval.ratio
  }

  /// Of the ratio, where it has any.
  private var ends: (low: Double, high: Double)? { ratio == nil ? nil : interval?.ends }

  private var judgement: RatioVerdict? {
    if ratio == nil { return .undecided }
    guard pValue != nil else { return nil }
    guard let ends else { return .tooFewSamples }
    // Another run of the same thing may be as far away as the interval says.
    if isShown && ends.low > 1 { return .slower }
    if isShown && ends.high < 1 { return .faster }
    let limit = RatioVerdict.equivalence
    return ends.low > 1 / limit && ends.high < limit ? .noDifference : .undecided
  }

  var verdict: String { judgement?.rawValue ?? "not tested" }
  var isSlower: Bool { judgement == .slower }

  /// Why there is no ratio or no verdict; `nil` where there is.
  var indecision: String? {
    guard judgement == .undecided else { return nil }
    for (row, place) in [(before, "before"), (after, "after")] where row.isUndecided {
      let width = row.interval.flatMap { Indecision(time: $0, unit: "µs")?.description }
      let other = row.isOfUndecided ? "the network's time is undecided" : "the file has no time"
      return "\(place): \(width ?? other)"
    }
    guard let ends = interval?.ends else { return "a time is missing" }
    return Indecision(change: ends).description
  }

  // MARK: - Several rows

  /// Holm's procedure (Scandinavian Journal of Statistics 6, 1979): the smallest p-value is held to
  /// α/n, the next to α/(n − 1), until one is not below its level.
  static func tested(_ pairs: [RunPair]) -> [RunPair] {
    var pairs = pairs
    let tests = pairs.indices.filter { pairs[$0].pValue != nil }
    let ranked = tests.sorted { (pairs[$0].pValue ?? 1) < (pairs[$1].pValue ?? 1) }
    for (rank, index) in ranked.enumerated() {
      guard let p = pairs[index].pValue, p <= 0.05 / Double(ranked.count - rank) else { break }
      pairs[index].isShown = true
    }
    return pairs
  }

  static func table(_ pairs: [RunPair]) -> Table {
    let hasReasons = pairs.contains { $0.indecision != nil }
    var columns: [Table.Column] = [
      .init("what", minimumWidth: 12), .init("before µs", alignment: .right, priority: 2),
      .init("after µs", alignment: .right, priority: 3), .init("change", alignment: .right),
      .init("p", alignment: .right, priority: 1), .init("verdict", priority: 4),
    ]
    if hasReasons { columns.append(.init("why", priority: 0, minimumWidth: 20)) }
    var table = Table(columns: columns)
    for pair in pairs {
      let change = pair.ratio.map { 100 * ($0 - 1) }
      let sign = (change ?? 0) > 0 ? "+" : ""
      var cells: [String] = [
        pair.name, CellText.significant(pair.before.shownMicroseconds, digits: 4),
        CellText.significant(pair.after.shownMicroseconds, digits: 4),
        sign + CellText.fixed(change, decimals: 1, unit: " %"),
        CellText.significant(pair.pValue, digits: 2), pair.verdict,
      ]
      if hasReasons { cells.append(pair.indecision ?? "") }
      table.append(cells)
    }
    return table
  }

  static let fields: [RecordField<RunPair>] = [
    RecordField(Column("name", kind: .text, role: .key)) { .text($0.name) },
    RecordField(Column("before_us", kind: .number)) { .optional($0.before.shownMicroseconds) },
    RecordField(Column("after_us", kind: .number)) { .optional($0.after.shownMicroseconds) },
    RecordField(Column("ratio", kind: .number)) { .optional($0.ratio) },
    RecordField(Column("ratio_low", kind: .number)) { .optional($0.ends?.low) },
    RecordField(Column("ratio_high", kind: .number)) { .optional($0.ends?.high) },
    RecordField(Column("p_value", kind: .number)) { .optional($0.pValue) },
    RecordField(Column("verdict", kind: .text)) { .text($0.verdict) },
    RecordField(Column("undecided", kind: .text)) { .optional($0.indecision) },
  ]
}

extension SavedRow {
  /// Its time, where it is one to go by.
  fileprivate var shownMicroseconds: Double? { isUndecided ? nil : microseconds }
}
