import DSCommandLine

/// Rows that could not be decided, as a command says them last, and what that makes of its exit code.
struct Indecisions {
  /// Of each such row: what it is, and why.
  let rows: [(name: String, reason: String)]
  /// Of all rows.
  let count: Int

  /// Says each reason, and last how many there are.
  func report(_ console: Console) {
    guard !rows.isEmpty else { return }
    for row in rows.prefix(8) { console.warning("\(row.name): undecided: \(row.reason)") }
    console.warning(
      "\(rows.count) of \(count) rows \(rows.count == 1 ? "is" : "are") undecided",
      hint: "end what else runs, or allow more with --time")
  }

  /// 1 where nothing at all is known, and where a verdict was asked for (`--fail-if-slower`) and one is missing. Other comparisons
  /// measured what they could, and their readers look at the rows.
  func exitCode(asksForVerdict: Bool = false) -> ExitCode {
    let isNegative = asksForVerdict ? !rows.isEmpty : count > 0 && rows.count == count
    return isNegative ? .negative : .ok
  }
}
