import DSCommandLine
import DSCommands
import DSMeasurement
import DSSchedule

/// `dsbench compare runs`: two saved result files, row by row.
enum CompareRunsCommand {
  static let command = Command(
    "runs", summary: "Compare two saved result files, row by row",
    details: """
      Reads what run, compare kernels and compare networks wrote as JSON. Rows with samples in both files \
      are tested with Mann and Whitney's U, by the medians of their passes, since samples of one moment \
      resemble each other; several rows at once are held to a stricter level (Holm), so that a long table \
      does not find differences by chance.
      """,
    examples: [
      .init("dsbench compare runs before.json after.json", "What a change has done"),
      .init(
        "dsbench compare runs before.json after.json --fail-if-slower 5%",
        "In a test: exit with 1 where something got slower"),
    ],
    flags: [SlownessLimit.flag, SharedFlags.format(["md", "csv", "json"]), SharedFlags.output],
    positionals: [
      Positional("BEFORE", value: .path, summary: "a result file"),
      Positional("AFTER", value: .path, summary: "the one to compare with it"),
    ],
    run: run)

  private struct Pair {
    let name: String
    let before: Double
    let after: Double
    /// `nil` where a file kept no samples.
    let pValue: Double?
    /// Whether chance is excluded, all rows of the table taken together.
    var isShown = false

    var ratio: Double { after / before }
    var verdict: String {
      guard pValue != nil else { return "not tested" }
      return !isShown ? "no difference shown" : ratio > 1 ? "slower" : "faster"
    }
  }

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let limit = try SlownessLimit(arguments)
    let before = try SavedRow.rows(path: arguments.positional("BEFORE") ?? "")
    let after = try SavedRow.rows(path: arguments.positional("AFTER") ?? "")
    let pairs = tested(pair(before, after))
    guard !pairs.isEmpty else {
      throw CommandFailure(
        .unreadableInput, "the two files have no row in common",
        hint: "compare results of the same problems, kernels and threads")
    }
    let unpaired = before.count + after.count - 2 * pairs.count
    if unpaired > 0 { console.warning("\(unpaired) rows are in one of the files only") }
    try write(pairs, arguments, console)
    let isSlower = pairs.contains { pair in
      limit?.isExceeded(by: pair.ratio, isShown: pair.isShown) == true
    }
    return isSlower ? .negative : .ok
  }

  /// Rows of the same name; the n-th of a name with the n-th.
  private static func pair(_ before: [SavedRow], _ after: [SavedRow]) -> [Pair] {
    var waiting = Dictionary(grouping: after, by: \.name).mapValues { $0[...] }
    return before.compactMap { row in
      guard let other = waiting[row.name]?.popFirst(), row.microseconds > 0 else { return nil }
      let isTestable = !row.passNanoseconds.isEmpty && !other.passNanoseconds.isEmpty
      return Pair(
        name: row.name, before: row.microseconds, after: other.microseconds,
        pValue: isTestable
          ? MannWhitneyTest(row.passNanoseconds, other.passNanoseconds).pValue : nil)
    }
  }

  /// Holm's procedure (Scandinavian Journal of Statistics 6, 1979): the smallest p-value is held to
  /// α/n, the next to α/(n − 1), until one is not below its level.
  private static func tested(_ pairs: [Pair]) -> [Pair] {
    var pairs = pairs
    let tests = pairs.indices.filter { pairs[$0].pValue != nil }
    let ranked = tests.sorted { (pairs[$0].pValue ?? 1) < (pairs[$1].pValue ?? 1) }
    for (rank, index) in ranked.enumerated() {
      guard let p = pairs[index].pValue, p <= 0.05 / Double(ranked.count - rank) else { break }
      pairs[index].isShown = true
    }
    return pairs
  }

  private static func write(_ pairs: [Pair], _ arguments: Arguments, _ console: Console) throws {
    let output = try ReportOutput(arguments, console)
    switch arguments.string("format") {
    case "json":
      try output.write(
        JSONValue.array(
          pairs.map { pair in
            .object([
              "name": .string(pair.name), "before_us": .number(pair.before),
              "after_us": .number(pair.after), "ratio": .number(pair.ratio),
              "p_value": .optional(pair.pValue), "verdict": .string(pair.verdict),
            ])
          }
        ).prettyText())
    case "csv": try output.write(CSVText.text(table(pairs)))
    default: try output.write(table(pairs))
    }
  }

  private static func table(_ pairs: [Pair]) -> Table {
    var table = Table(columns: [
      .init("what", minimumWidth: 12), .init("before µs", alignment: .right, priority: 2),
      .init("after µs", alignment: .right, priority: 3), .init("change", alignment: .right),
      .init("p", alignment: .right, priority: 1), .init("verdict", priority: 4),
    ])
    for pair in pairs {
      let change = 100 * (pair.ratio - 1)
      table.append([
        pair.name, Quantity.significant(pair.before, digits: 4),
        Quantity.significant(pair.after, digits: 4),
        (change > 0 ? "+" : "") + Quantity.fixed(change, decimals: 1) + " %",
        pair.pValue.map { Quantity.significant($0, digits: 2) } ?? "", pair.verdict,
      ])
    }
    return table
  }
}
