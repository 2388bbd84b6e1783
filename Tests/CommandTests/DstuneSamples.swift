import Foundation
import TestSupport

/// The small tuning that the tests of `dstune` run.
enum Dstune {
  static let tiny = ["-m", "mobilenet-v1", "-w", "0.25", "-r", "32"]

  static func run(
    _ arguments: [String], environment: [String: String] = [:], device: String? = nil,
    limits: String? = nil
  ) throws -> CommandRun {
    try CommandRun(
      "dstune", arguments, environment: environment, device: device, limits: limits)
  }

  /// A folder with `a.schedule.json` and `a.trials.jsonl`, the outcome of a short run on one thread.
  static func withTuned<Result>(_ body: (String) throws -> Result) throws -> Result {
    try Fixtures.withTemporaryFolder { folder in
      let run = try run(tiny + ["-t", "1", "--time", "3s", "-o", folder + "/a.schedule.json"])
      guard run.exitCode == 0 else { throw Failure(run: run) }
      return try body(folder)
    }
  }

  static func object(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(filePath: path))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  static func entries(_ path: String) throws -> [[String: Any]] {
    try object(path)["entries"] as? [[String: Any]] ?? []
  }

  /// Rewrites a schedule through its JSON.
  static func rewrite(
    _ path: String, to other: String, _ change: (inout [String: Any]) -> Void
  ) throws {
    var object = try object(path)
    change(&object)
    try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: other))
  }

  /// A change of a schedule's entries.
  typealias Edit = (inout [[String: Any]]) -> Void

  static func rewriteEntries(_ path: String, to other: String, _ edit: Edit) throws {
    try rewrite(path, to: other) { object in
      var entries = object["entries"] as? [[String: Any]] ?? []
      edit(&entries)
      object["entries"] = entries
    }
  }

  struct Failure: Error, CustomStringConvertible {
    var run: CommandRun
    var description: String { "dstune ended with \(run.exitCode): \(run.talk)" }
  }
}
