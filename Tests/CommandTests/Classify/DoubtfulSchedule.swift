import DSCore
import DSKernels
import DSRuntime
import DSSchedule
import TestSupport
import Testing

/// A well-formed schedule whose entry cannot be used: it is named, and the result stays what it was.
struct DoubtfulSchedule: CustomTestStringConvertible, Sendable {
  let testDescription: String
  /// Part of what is said; `nil` where there is nothing to say.
  let reason: String?
  let edit: @Sendable (inout Schedule) -> Void

  private init(
    _ name: String, _ reason: String?, edit: @escaping @Sendable (inout Schedule) -> Void
  ) {
    testDescription = name
    self.reason = reason
    self.edit = edit
  }

  private static func entry(
    _ name: String, _ reason: String, edit: @escaping @Sendable (inout ScheduleEntry) -> Void
  ) -> DoubtfulSchedule {
    DoubtfulSchedule(name, reason) { edit(&$0.entries[0]) }
  }

  static let all: [DoubtfulSchedule] =
    ["rows", "vectors", "stripTiles", "rowParts"].flatMap { parameter in
      [-1, 1_000_000_000, .min, .max].map { (value: Int) in
        entry("\(parameter) of \(value)", "'\(parameter)' is \(value)") {
          $0.parameters[parameter] = value
        }
      }
    } + [
      entry("tile of no rows", "'rows' is 0") { $0.parameters["rows"] = 0 },
      entry("missing parameter", "'rows' is missing") { $0.parameters["rows"] = nil },
      entry("another parameter", "no parameter 'depth'") { $0.parameters["depth"] = 1 },
      entry("unknown kernel", "'f32-pointwise-quantum__avx9' is not in this build") {
        $0.kernel = "f32-pointwise-quantum__avx9"
      },
      entry("kernel of another operator", "cannot run") {
        $0.kernel = "f32-depthwise-naive__baseline"
        $0.compatibility = ""
        $0.parameters = [:]
      },
      entry("another compatibility", "another compatibility hash") { $0.compatibility = "0" },
      entry("more threads than allowed", "needs 64 threads") { $0.cores = "64c/1pu/1xL3" },
      entry("no cores", "no core pattern") { $0.cores = "0c/1pu/1xL3" },
      entry("a problem of another network", "0 of 1 entries used, 1 for other problems") {
        $0.problem = "pointwise 7x7x1024->1024 relu f32"
      },
      entry("a problem that is none", "is no problem key") {
        $0.problem = "fold space"
      },
      DoubtfulSchedule("another network", "made for xception") { $0.network.name = "xception" },
      DoubtfulSchedule("another CPU", "another CPU") { $0.machine.cpu = "Zilog/80/0" },
      DoubtfulSchedule("no cores at all", "topology is another") { $0.machine.topology = "" },
      DoubtfulSchedule("no entries", nil) { $0.entries = [] },
      DoubtfulSchedule("10^9 threads", "1 of 1 entries used") { $0.threads = 1_000_000_000 },
    ]

  /// Classifies with the schedule and without, and compares the bits.
  func check(_ words: [String] = []) throws {
    try ClassifyScene.with { scene in
      try #require(try scene.classify(words).exitCode == 0)
      let expected = try scene.output().values.map(\.bitPattern)
      var schedule = try ClassifyScene.schedule()
      edit(&schedule)
      let path = scene.folder + "/doubtful.schedule.json"
      try schedule.write(path: path)
      let run = try scene.classify(words + ["--schedule", path])
      #expect(run.signal == nil && run.exitCode == 0, "\(run)")
      #expect(reason.map(run.talk.contains) ?? run.talk.isEmpty, "\(run.talk)")
      #expect(try scene.output().values.map(\.bitPattern) == expected)
    }
  }

  /// An entry for the best instruction set of this CPU.
  static let asItIs = DoubtfulSchedule("as it is", "needs \(Registry.bestInstructionSet)") { _ in }
}

@Suite("dsclassify with doubtful schedules")
struct DoubtfulScheduleTests {
  @Test(arguments: DoubtfulSchedule.all)
  func costsSpeedButNeverAResult(schedule: DoubtfulSchedule) throws {
    try schedule.check(["--threads", "1"])
  }

  @Test(
    "A schedule for a better instruction set than may be used",
    .enabled(if: Registry.bestInstructionSet > .baseline, "this CPU has none better"))
  func betterInstructionSet() throws {
    try DoubtfulSchedule.asItIs.check(["--threads", "1", "--isa", "baseline"])
  }
}
