import DSKernels
import DSRuntime
import Foundation
import TestSupport
import Testing

/// `dstune` and its subcommands, as a user runs them.
@Suite(.serialized) struct DstuneTests {
  @Test func tunesAndTheScheduleAnswersEveryCommand() throws {
    try Dstune.withTuned { folder in
      let (a, b) = (folder + "/a.schedule.json", folder + "/b.schedule.json")
      let entries = try Dstune.entries(a)
      #expect(entries.count > 10)

      let check = try Dstune.run(["check", a, "-t", "1"])
      #expect(check.exitCode == 0, "\(check.talk)")
      #expect(check.output.contains("\(entries.count) of \(entries.count) entries used"))

      let explain = try Dstune.run(["explain", a])
      #expect(explain.exitCode == 0)
      let lines = explain.output.split(separator: "\n").prefix(entries.count)
      #expect(lines.allSatisfy { $0.contains("bound by") }, "\(explain.output)")
      let key = try #require(entries.first?["problem"] as? String)
      let one = try Dstune.run(["explain", a, key])
      #expect(one.exitCode == 0 && one.output.contains("bound by"))
      let none = try Dstune.run(["explain", a, "no such problem"])
      #expect(none.exitCode == 3 && none.talk.contains("no such problem"))

      let same = try Dstune.run(["diff", a, a])
      #expect(same.exitCode == 0 && same.output.contains("0 differ"))
      try Dstune.rewrite(a, to: b) { object in
        var entries = object["entries"] as? [[String: Any]] ?? []
        entries[0]["kernel"] = "f32-unheard-of__avx2"
        entries.removeLast()
        object["entries"] = entries
      }
      let other = try Dstune.run(["diff", a, b])
      #expect(other.exitCode == 1)
      #expect(other.output.contains("1 differ, 1 stand in one only"))

      let again = try Dstune.run(
        ["replay", folder + "/a.trials.jsonl", "-o", folder + "/again.schedule.json"])
      #expect(again.exitCode == 0, "\(again.talk)")
      #expect(try Dstune.run(["diff", a, folder + "/again.schedule.json"]).exitCode == 0)
    }
  }

  /// As the runtime would.
  @Test func checkRefusesWhatTheRuntimeRefuses() throws {
    try Dstune.withTuned { folder in
      let run = try Dstune.run(["check", folder + "/a.schedule.json", "-t", "4096"])
      #expect(run.exitCode == 4 && run.talk.contains("4096 threads"), "\(run.talk)")
    }
  }

  @Test func checkTellsFitFromStaleFromUnusable() throws {
    try Dstune.withTuned { folder in
      let (good, changed) = (folder + "/a.schedule.json", folder + "/b.schedule.json")
      let outside = ["median": 5, "low": 6, "high": 7, "samples": 9]
      func hostile(_ value: Int) -> Dstune.Edit {
        { entries in
          for index in entries.indices {
            let names = (entries[index]["parameters"] as? [String: Int] ?? [:]).keys
            entries[index]["parameters"] = Dictionary(
              uniqueKeysWithValues: names.map { ($0, value) })
          }
        }
      }
      // A table and not one expectation each: closures inside several `#expect` were taken for each
      // other by the optimiser (Swift 6.3).
      let edits: [(name: String, code: Int32, edit: Dstune.Edit)] = [
        ("nothing", 0, { _ in }),
        ("a kernel", 3, { $0[0]["kernel"] = "f32-unheard-of__avx2" }),
        ("compatibility", 3, { $0[0]["compatibility"] = "0000000000000000" }),
        ("cores", 3, { $0[0]["cores"] = "64c/1pu/1xL3" }),
        ("a key", 3, { $0[0]["problem"] = "no key at all" }),
        ("parameters of 0", 3, hostile(0)), ("parameters of -1", 3, hostile(-1)),
        ("parameters of 10^9", 3, hostile(1_000_000_000)),
        (
          "every kernel", 4,
          { entries in
            for index in entries.indices { entries[index]["kernel"] = "f32-unheard-of__avx2" }
          }
        ),
        ("a median", 3, { $0[0]["microseconds"] = outside }),
      ]
      for (name, code, edit) in edits {
        try Dstune.rewriteEntries(good, to: changed, edit)
        let found = try Dstune.run(["check", changed, "-t", "1"]).exitCode
        #expect(found == code, "\(name)")
      }
      let defect = try Dstune.run(["check", changed, "-t", "1"])
      #expect(defect.output.contains("outside its interval"), "\(defect.output)")
    }
  }

  /// A thread's stack of 100 GB, with 50 GB to be had.
  @Test(
    .enabled(if: LiveMachine.current.processors.count >= 2, "one core"), Sanitizer.allowsLimits)
  func aRefusedThreadIsTheMachinesFault() throws {
    try Fixtures.withTemporaryFolder { folder in
      let run = try Dstune.run(
        Dstune.tiny + ["-t", "2", "--time", "1s", "-o", folder + "/a.schedule.json"],
        limits: "ulimit -s 100000000 && ulimit -v 50000000")
      #expect(run.exitCode == 4, "\(run.talk)")
      #expect(run.talk.contains("the system refused a thread"), "\(run.talk)")
    }
  }

  @Test func mergingDoesNotDependOnTheOrder() throws {
    try Dstune.withTuned { folder in
      let (a, b) = (folder + "/a.schedule.json", folder + "/b.schedule.json")
      let second = try Dstune.run(
        Dstune.tiny + ["-t", "1", "--time", "1s", "--seed", "7", "-o", b])
      #expect(second.exitCode == 0, "\(second.talk)")
      let forward = try Dstune.run(["merge", a, b])
      let backward = try Dstune.run(["merge", b, a])
      let twice = try Dstune.run(["merge", b, a, b])
      #expect(forward.exitCode == 0 && !forward.output.isEmpty)
      #expect(forward.output == backward.output)
      #expect(forward.output == twice.output)

      let foreign = folder + "/c.schedule.json"
      try Dstune.rewrite(a, to: foreign) { $0["threads"] = 2 }
      let refused = try Dstune.run(["merge", a, foreign])
      #expect(refused.exitCode == 3 && refused.talk.contains("threads"))
    }
  }

  @Test func aDividedTuningComesTogether() throws {
    try Fixtures.withTemporaryFolder { folder in
      let plan = folder + "/plan.json"
      let planned = try Dstune.run(
        ["plan"] + Dstune.tiny + ["-t", "1", "--shards", "2", "-o", plan])
      #expect(planned.exitCode == 0, "\(planned.talk)")
      let parts = try (0..<2).map { index in
        let part = "\(folder)/part\(index).schedule.json"
        let run = try Dstune.run(
          ["run", plan, "--shard", "\(index)", "--time", "2s", "-o", part])
        #expect(run.exitCode == 0, "\(run.talk)")
        return part
      }
      let half = try Dstune.run(["merge", "--plan", plan, parts[0]])
      #expect(half.exitCode == 3 && half.talk.contains("shard 1 "), "\(half.talk)")
      #expect(try Dstune.run(["merge", "--plan", folder + "/none.json"] + parts).exitCode == 3)
      for flags in [["-t", "2"], ["--isa", "baseline"]] {
        let other = try Dstune.run(["run", plan, "--shard", "0"] + flags)
        let isBaseline = Registry.bestInstructionSet == .baseline && flags[0] == "--isa"
        #expect(isBaseline || (other.exitCode == 2 && other.talk.contains("the plan is one for")))
      }
      let whole = folder + "/whole.schedule.json"
      let merged = try Dstune.run(["merge", "--plan", plan] + parts + ["-o", whole])
      #expect(merged.exitCode == 0, "\(merged.talk)")
      #expect(try Dstune.run(["check", whole, "-t", "1"]).exitCode == 0)
      #expect(try Dstune.run(["run", plan, "--shard", "2"]).exitCode == 2)
      // A shard's journal is that shard's alone.
      let journal = folder + "/part0.trials.jsonl"
      let foreign = try Dstune.run(
        ["run", plan, "--shard", "1", "--resume", "--journal", journal, "-o", parts[1]])
      #expect(foreign.exitCode == 3 && foreign.talk.contains("shard"), "\(foreign.talk)")
      let replayed = folder + "/replayed.schedule.json"
      #expect(try Dstune.run(["replay", journal, "-o", replayed]).exitCode == 0)
      #expect(try Dstune.run(["diff", parts[0], replayed]).exitCode == 0)
    }
  }

  @Test func anInterruptLeavesAValidSchedule() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (schedule, journal) = (folder + "/a.schedule.json", folder + "/a.trials.jsonl")
      for signal in [SIGINT, SIGTERM, SIGHUP] {
        let process = try DstuneProcess(
          Dstune.tiny + ["-t", "1", "--effort", "patient", "-o", schedule])
        process.wait(forLines: 30, in: journal)
        #expect(process.end(with: signal) == 130)
        #expect(try Dstune.run(["check", schedule, "-t", "1"]).exitCode == 0)
        #expect(try Dstune.entries(schedule).contains { $0["state"] as? String == "predicted" })
        try FileManager.default.removeItem(atPath: schedule)
        try FileManager.default.removeItem(atPath: journal)
      }
    }
  }

  @Test func aKilledRunIsResumed() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (schedule, journal) = (folder + "/a.schedule.json", folder + "/a.trials.jsonl")
      let arguments = Dstune.tiny + ["-t", "1", "-o", schedule]
      let process = try DstuneProcess(arguments)
      process.wait(forLines: 60, in: journal)
      #expect(process.end(with: SIGKILL) == -SIGKILL)
      #expect(!FileManager.default.fileExists(atPath: schedule))
      let survived = try Data(contentsOf: URL(filePath: journal))

      let refused = try Dstune.run(arguments + ["--resume", "--seed", "5"])
      #expect(refused.exitCode == 3 && refused.talk.contains("seed"), "\(refused.talk)")

      let resumed = try Dstune.run(arguments + ["--resume", "--time", "3s"])
      #expect(resumed.exitCode == 0, "\(resumed.talk)")
      let complete = survived.prefix(through: try #require(survived.lastIndex(of: 10)))
      #expect(try Data(contentsOf: URL(filePath: journal)).starts(with: complete))
      #expect(try Dstune.run(["check", schedule, "-t", "1"]).exitCode == 0)
    }
  }

  @Test func resumingWhatNeverBeganBegins() throws {
    try Fixtures.withTemporaryFolder { folder in
      let run = try Dstune.run(
        Dstune.tiny + ["-t", "1", "--time", "1s", "--resume", "-o", folder + "/a.schedule.json"])
      #expect(run.exitCode == 0, "\(run.talk)")
      #expect(run.talk.contains("nothing is continued"))
    }
  }

  @Test func schedulesForOtherMachinesArePredictions() throws {
    let machine = ["HWLOC_SYNTHETIC": "pack:2 l3:4 l2:8 core:1 pu:2"]
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/a.schedule.json"
      let run = try Dstune.run(
        ["-m", "mobilenet-v2", "--effort", "estimate", "-o", path], environment: machine)
      #expect(run.exitCode == 0, "\(run.talk)")
      #expect(run.output.contains("predicted, nothing was timed"))
      let object = try Dstune.object(path)
      #expect((object["machine"] as? [String: Any])?["origin"] as? String == "predicted")
      #expect(object["threads"] as? Int == 64)
      #expect(try Dstune.entries(path).allSatisfy { $0["state"] as? String == "predicted" })
      #expect(!FileManager.default.fileExists(atPath: folder + "/a.trials.jsonl"))
    }
  }

  @Test func jsonIsTheScheduleItself() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/a.schedule.json"
      let run = try Dstune.run(Dstune.tiny + ["--effort", "estimate", "-f", "json", "-o", path])
      #expect(run.exitCode == 0)
      #expect(run.output == (try String(contentsOfFile: path, encoding: .utf8)))
    }
  }
}
