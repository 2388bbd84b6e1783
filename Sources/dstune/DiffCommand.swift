import DSCommandLine
import DSSchedule

/// `dstune diff`: what two schedules choose differently.
enum DiffCommand {
  static let command = Command(
    "diff", summary: "Compare two schedules entry by entry",
    details: "Exit code 0: they choose the same. 1: they differ.",
    examples: [.init("dstune diff old.schedule.json new.schedule.json", "What changed")],
    positionals: [
      Positional("A", value: .path, summary: "a schedule"),
      Positional("B", value: .path, summary: "another"),
    ]
  ) { arguments, console in
    let first = try ScheduleFile.read(arguments.positional("A") ?? "")
    let second = try ScheduleFile.read(arguments.positional("B") ?? "")
    let difference = Schedule.diff(first, second)
    for entry in difference.onlyInFirst { try console.print("only in A: \(entry.problem)") }
    for entry in difference.onlyInSecond { try console.print("only in B: \(entry.problem)") }
    for change in difference.changes where !change.isSameChoice {
      try console.print("\(change.first.problem)")
      try console.print("  A: \(describe(change.first))")
      try console.print("  B: \(describe(change.second))")
    }
    let differing = difference.changes.count { !$0.isSameChoice }
    let same = first.entries.count - difference.onlyInFirst.count - differing
    try console.print(
      "\(same) entries choose the same, \(differing) differ, "
        + "\(difference.onlyInFirst.count + difference.onlyInSecond.count) stand in one only")
    let isEqual =
      differing == 0 && difference.onlyInFirst.isEmpty && difference.onlyInSecond.isEmpty
    return isEqual ? .ok : .negative
  }

  private static func describe(_ entry: ScheduleEntry) -> String {
    let parameters = entry.parameters.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    let time = entry.microseconds
    return "\(entry.kernel) \(parameters) \(entry.cores): "
      + "\(Quantity.fixed(time.median, decimals: 1)) µs "
      + "[\(Quantity.fixed(time.low, decimals: 1)), \(Quantity.fixed(time.high, decimals: 1))]"
  }
}
