import DSKernels
import Foundation
import TestSupport
import Testing

/// What `dstune` does to files that are there already, and where it writes.
@Suite(.serialized) struct DstuneFileTests {
  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test func aPredictionDoesNotReplaceWhatWasTimed() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/a.schedule.json"
      let estimate = Dstune.tiny + ["-t", "1", "--effort", "estimate", "-o", path]
      #expect(try Dstune.run(estimate).exitCode == 0)
      // A prediction may be replaced, whatever by.
      #expect(try Dstune.run(estimate).exitCode == 0)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.schedule.json"])
      try Dstune.rewrite(path, to: path) { object in
        object["network_result"] = [
          "default_ms": 2, "tuned_ms": 1, "ratio": 2, "low": 2, "high": 2,
        ]
      }
      let timed = try text(path)
      let run = try Dstune.run(estimate)
      #expect(run.exitCode == 0 && run.talk.contains("stays as it is"), "\(run.talk)")
      #expect(run.output.contains("written to \(folder)/a.partial.schedule.json"))
      #expect(try text(path) == timed)
      let partial = folder + "/a.partial.schedule.json"
      #expect(try Dstune.entries(partial).allSatisfy { $0["state"] as? String == "predicted" })
    }
  }

  @Test func onlyJournalsAreReplacedAndKept() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (schedule, journal) = (folder + "/a.schedule.json", folder + "/a.trials.jsonl")
      let arguments = Dstune.tiny + ["-t", "1", "--time", "1s", "-o", schedule]
      try Data("precious".utf8).write(to: URL(filePath: journal))
      let refused = try Dstune.run(arguments)
      #expect(refused.exitCode == 4 && refused.talk.contains("no journal"), "\(refused.talk)")
      let resumed = try Dstune.run(arguments + ["--resume"])
      #expect(resumed.exitCode == 3 && resumed.talk.contains("no journal"), "\(resumed.talk)")
      #expect(try text(journal) == "precious")
      try FileManager.default.removeItem(atPath: journal)
      #expect(try Dstune.run(arguments).exitCode == 0)
      let first = try text(journal)
      let again = try Dstune.run(arguments)
      #expect(again.exitCode == 0 && again.talk.contains("kept as \(journal).old"), "\(again.talk)")
      #expect(try text(journal + ".old") == first)
    }
  }

  /// The wrong name is easily given.
  @Test(arguments: [
    Dstune.tiny + ["-t", "1", "--time", "1s"], Dstune.tiny + ["-t", "1", "--effort", "estimate"],
    ["merge", "/nowhere.json"], ["replay", "/nowhere.jsonl"],
    ["plan", "--shards", "2"] + Dstune.tiny,
  ])
  func whatIsNoScheduleIsNotReplaced(arguments: [String]) throws {
    try Fixtures.withFile(named: "net.json", "precious".utf8) { path in
      let run = try Dstune.run(arguments + ["-o", path])
      #expect(
        run.exitCode == 4 && run.talk.contains("that this version could replace"), "\(run.talk)")
      #expect(try text(path) == "precious")
    }
  }

  /// Shards have no whole network to be timed in; what they timed is kept all the same.
  @Test func aPredictionDoesNotReplaceTimedEntries() throws {
    try Dstune.withTuned { folder in
      let path = folder + "/a.schedule.json"
      try Dstune.rewrite(path, to: path) { $0["network_result"] = nil }
      let timed = try text(path)
      let run = try Dstune.run(
        Dstune.tiny + ["-t", "1", "--effort", "estimate", "-o", path])
      #expect(run.exitCode == 0 && run.talk.contains("of its entries were timed"), "\(run.talk)")
      #expect(try text(path) == timed)
    }
  }

  /// The schedule is lost, the results are not.
  @Test func aFullDiskStillShowsTheResults() throws {
    for arguments in [["--effort", "estimate"], ["--time", "1s", "--journal", "/dev/null"]] {
      let run = try Dstune.run(Dstune.tiny + ["-t", "1", "-o", "/dev/full"] + arguments)
      #expect(run.exitCode == 4 && run.talk.contains("No space left"), "\(run.talk)")
      #expect(run.output.contains("pointwise") && !run.output.contains("written to"))
    }
  }

  @Test func linksAndDevicesAreWrittenThrough() throws {
    try Fixtures.withTemporaryFolder { folder in
      let arguments = Dstune.tiny + ["-t", "1", "--effort", "estimate", "-o"]
      let run = try Dstune.run(arguments + ["/dev/stdout"])
      #expect(run.exitCode == 0, "\(run.talk)")
      let (link, file) = (folder + "/link", folder + "/a.schedule.json")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      try Data().write(to: URL(filePath: file))
      #expect(try Dstune.run(arguments + [link]).exitCode == 0)
      #expect(try Dstune.entries(file).count > 10)
      let same = try Dstune.run(arguments + [link, "--journal", file])
      #expect(same.exitCode == 2 && same.talk.contains("different files"), "\(same.talk)")
    }
  }

  @Test(arguments: [
    ([], "mobilenet-v1-w0.25-r32"), (["--batch", "2"], "mobilenet-v1-w0.25-r32-b2"),
    (["-t", "2"], "mobilenet-v1-w0.25-r32-t2"),
  ])
  func defaultNamesSayWhatIsUnusual(flags: [String], name: String) throws {
    try Fixtures.withTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(filePath: try CommandRun.path(of: "dstune"))
      process.currentDirectoryURL = URL(filePath: folder)
      process.arguments = Dstune.tiny + ["--effort", "estimate"] + flags
      (process.standardOutput, process.standardError) = (Pipe(), Pipe())
      process.environment = ["HWLOC_SYNTHETIC": "pack:1 core:4 pu:1"]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(files == [name + ".schedule.json"])
    }
  }

  /// Own networks stand in a file that their schedule does not name.
  @Test func ownNetworksAreFoundByTheirFile() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (network, schedule) = (folder + "/net.json", folder + "/own.schedule.json")
      let definition = """
        {"schema": "dstune.network/1.0", "name": "own", "input": [24, 24, 3], "classes": 10,
         "layers": [
          {"kind": "standard", "name": "stem", "kernel": 3, "stride": 2, "padding": "same",
           "channels": 16},
          {"kind": "depthwise", "name": "filter", "kernel": 3, "padding": "same"},
          {"kind": "pointwise", "name": "project", "channels": 32},
          {"kind": "avgpool", "name": "mean"}, {"kind": "dense", "name": "scores", "channels": 10}]}
        """
      try Data(definition.utf8).write(to: URL(filePath: network))
      let run = try Dstune.run(["-m", network, "-t", "1", "--time", "1s", "-o", schedule])
      #expect(run.exitCode == 0, "\(run.talk)")
      let journal = folder + "/own.trials.jsonl"
      let commands = [
        ["check", schedule, "-t", "1"], ["explain", schedule], ["replay", journal],
      ]
      for arguments in commands {
        #expect(try Dstune.run(arguments).exitCode != 0, "\(arguments[0])")
        let named = try Dstune.run(arguments + ["--model", network])
        #expect(named.exitCode == 0, "\(arguments[0]): \(named.talk)")
      }
      #expect(
        try !Dstune.run(["replay", journal, "-m", network]).output.contains("written to"))
    }
  }

  @Test(.enabled(if: Registry.bestInstructionSet > .baseline, "this CPU has but one"))
  func aLimitStaysWithTheSchedule() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/a.schedule.json"
      let run = try Dstune.run(
        Dstune.tiny + ["-t", "1", "--time", "1s", "--isa", "baseline", "-o", path])
      #expect(run.exitCode == 0, "\(run.talk)")
      #expect(try Dstune.object(path)["isa_limit"] as? String == "baseline")
      let check = try Dstune.run(["check", path, "-t", "1"])
      #expect(check.exitCode == 0, "\(check.talk)\(check.output)")
      let bench = try CommandRun(
        "dsbench",
        ["run"] + Dstune.tiny + ["-s", path, "-t", "1", "--seconds", "0.1", "-f", "json"])
      #expect(bench.exitCode == 0 && !bench.talk.contains("default kernel"), "\(bench.talk)")
      #expect(bench.output.contains("__baseline") && !bench.output.contains("__avx"))
    }
  }
}
