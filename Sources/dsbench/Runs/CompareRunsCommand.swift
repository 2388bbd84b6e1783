import DSCommandLine
import DSCommands
import DSReporting
import DSRuntime
import DSSchedule

/// `dsbench compare runs`: two saved result files, row by row.
enum CompareRunsCommand {
  static let command = Command(
    "runs", summary: "Compare two saved result files, row by row",
    details: """
      Reads what run, compare kernels and compare networks wrote as JSON or JSON lines. Rows with samples in both \
      files are tested with Mann and Whitney's U, by the medians of their passes, since samples of one moment \
      resemble each other; several rows at once are held to a stricter level (Holm), so that a long table \
      does not find differences by chance. A difference is shown where the test says so and the intervals of \
      both files leave room for nothing else; a change that is known no better than to a factor of two is \
      'undecided' and has no number.

      Files of different machines, models, threads, types, instruction sets or tools are not compared (exit code 3), \
      unless --anyway is given. What an old file does not say is warned of.
      """,
    examples: [
      .init("dsbench compare runs before.json after.json", "What a change has done"),
      .init(
        "dsbench compare runs before.json after.json --fail-if-slower 5%",
        "In a test: exit with 1 where something got slower"),
    ],
    flags: [
      SlownessLimit.flag,
      Flag(
        "anyway", category: "Comparison",
        summary: "Compare files that have another machine, model, threads, type or tool, too"),
    ] + ReportOutput.flagsWithoutSamples,
    positionals: [
      Positional("BEFORE", value: .path, summary: "a result file"),
      Positional("AFTER", value: .path, summary: "the one to compare with it"),
    ],
    run: run)

  private static func run(_ arguments: Arguments, _ console: Console) throws -> ExitCode {
    let limit = try SlownessLimit(arguments)
    let output = try ReportOutput(arguments, console)
    let before = try SavedFile(path: arguments.positional("BEFORE") ?? "")
    let after = try SavedFile(path: arguments.positional("AFTER") ?? "")
    let comparability = RunsComparability(before, after)
    try check(comparability, before, after, arguments, console)
    let pairs = RunPair.tested(pair(before.rows, after.rows, sharing: comparability.shared))
    guard !pairs.isEmpty else {
      throw CommandFailure(
        .unreadableInput, "the two files have no row in common",
        hint: "compare results of the same problems, kernels and threads")
    }
    let unpaired = before.rows.count + after.rows.count - 2 * pairs.count
    if unpaired > 0 { console.warning("\(unpaired) rows are in one of the files only") }
    try output.write(report(pairs, differences: comparability.differences))
    let undecided = Indecisions(
      rows: pairs.compactMap { pair in pair.indecision.map { (pair.name, $0) } },
      count: pairs.count)
    undecided.report(console)
    let isSlower = pairs.contains { pair in
      limit?.isExceeded(by: pair.ratio ?? 1, isShown: pair.isSlower) == true
    }
    return isSlower ? .negative : undecided.exitCode(asksForVerdict: limit != nil)
  }

  /// Refuses what must not be compared, and says what nobody knows.
  private static func check(
    _ comparability: RunsComparability, _ before: SavedFile, _ after: SavedFile,
    _ arguments: Arguments, _ console: Console
  ) throws(CommandFailure) {
    let sentence = comparability.differences.joined(separator: "; ")
    if !sentence.isEmpty {
      guard arguments.flag("anyway") else {
        throw CommandFailure(
          .unreadableInput, "\(before.path) and \(after.path) must not be compared: \(sentence)",
          hint: "--anyway compares them all the same")
      }
      console.warning("compared anyway, though \(sentence)")
    }
    if !comparability.missing.isEmpty {
      console.warning(
        "one of the files or both do not say \(comparability.missing.joined(separator: ", ")), so "
          + "nobody knows whether they agree", hint: "measure again for records that say it")
    }
    let hosts = [before, after].compactMap { $0.values(of: ComparedField.host.name) }
    if hosts.count == 2, hosts[0].isDisjoint(with: hosts[1]) {
      console.warning(
        "the files are of different hosts, \(hosts[0].sorted().joined(separator: ", ")) and "
          + "\(hosts[1].sorted().joined(separator: ", ")), with the same CPU and topology")
    }
  }

  /// Rows of the same thing under the same conditions; the n-th of them with the n-th.
  private static func pair(
    _ before: [SavedRow], _ after: [SavedRow], sharing fields: [String]
  ) -> [RunPair] {
    func identity(_ row: SavedRow) -> [String] {
      [row.key] + fields.map { row.conditions[$0] ?? "" }
    }
    var waiting = Dictionary(grouping: after, by: identity).mapValues { $0[...] }
    return before.compactMap { row in
      waiting[identity(row)]?.popFirst().map { RunPair(row, $0) }
    }
  }

  private static func report(_ pairs: [RunPair], differences: [String]) -> CommandReport {
    var records = ResultTable(
      name: "dsbench_runs", records: pairs, fields: RunPair.fields, context: nil)
    if !differences.isEmpty {
      records.append(Column("differs", kind: .nested, role: .condition), .texts(differences))
    }
    records.context = BenchContext.unmeasured
    return CommandReport(
      sections: [
        .init(
          table: RunPair.table(pairs),
          footer: differences.isEmpty
            ? "" : "Compared anyway, though " + differences.joined(separator: "; "))
      ], context: records.context, records: records, json: .array(records.objects))
  }
}
