import DSCommandLine
import DSCommands
import DSSchedule
import DSTuning

/// `dstune merge`: one schedule out of several, of the same machine class or of one tuning's shards.
enum MergeCommand {
  static let command = Command(
    "merge", summary: "Make one schedule of several",
    details: """
      Per problem the more certain entry stays, whatever the order of the files; where two that are equally \
      certain contradict each other, the conflict is listed. With --plan the files are the shards of one \
      tuning: none may be missing, which blocks to fuse is decided over the whole network, and shards of an odd \
      machine are named. What is merged has not been timed as a whole network: dsbench compare schedules does \
      that.
      """,
    examples: [
      .init("dstune merge a.schedule.json b.schedule.json -o all.schedule.json", "Two files"),
      .init("dstune merge --plan plan.json *.shard-*.schedule.json -o v1.schedule.json", "Shards"),
    ],
    flags: [
      SharedFlags.output,
      Flag("plan", value: .path, category: "Input", summary: "The plan whose shards these are"),
      SharedFlags.model,
    ],
    positionals: [
      Positional("FILE", value: .path, summary: "schedules", arity: .many(atLeast: 1))
    ]
  ) { arguments, console in
    let paths = arguments.positionals("FILE")
    if let output = arguments.string("output") { try ScheduleFile.checkReplaceable(output) }
    let schedules = try paths.map { try ScheduleFile.read($0) }
    let merge: ScheduleMerge
    do {
      merge = try Schedule.merge(schedules)
    } catch {
      throw CommandFailure(.unreadableInput, "\(error)")
    }
    var schedule = merge.schedule
    if let path = arguments.string("plan") {
      let plan = try PlanFile.read(path)
      do {
        try plan.expectComplete(Set(schedule.entries.map(\.problem)))
      } catch {
        throw CommandFailure(
          .unreadableInput, "\(path): \(error)", hint: "run them with dstune run \(path) --shard N")
      }
      let network = try ScheduleFile.network(
        of: schedule, path: paths[0], model: arguments.string("model") ?? plan.model)
      let shards = ShardMerge(
        schedule, shards: zip(paths, schedules).map { (name: $0, schedule: $1) }, network: network)
      schedule = shards.schedule
      for sentence in shards.oddShards { console.warning(sentence) }
    }
    for conflict in merge.conflicts {
      console.warning(
        "conflict: '\(conflict.problem)' is claimed by "
          + conflict.entries.map(\.kernel).joined(separator: " and "))
    }
    if let output = arguments.string("output") {
      try ScheduleFile.write(schedule, to: output)
      console.note(
        "\(schedule.entries.count) entries of \(paths.count) files, "
          + "\(merge.conflicts.count) conflicts; written to \(output)")
      for line in FindingsText(schedule, journal: nil)?.lines ?? [] { console.note(line) }
    } else {
      try console.write(schedule.text)
    }
    return .ok
  }
}
