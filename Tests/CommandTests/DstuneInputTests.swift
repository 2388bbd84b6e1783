import Foundation
import TestSupport
import Testing

/// Bad input to `dstune`: the exit code, one sentence, and nothing written.
@Suite struct DstuneInputTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var exitCode: Int32
    var says: String
    var environment: [String: String] = [:]
    var testDescription: String { arguments.joined(separator: " ") }

    init(
      _ arguments: String, _ exitCode: Int32, _ says: String, _ environment: [String: String] = [:]
    ) {
      self.arguments = arguments.split(separator: " ").map(String.init)
      self.exitCode = exitCode
      self.says = says
      self.environment = environment
    }
  }

  static let bad = [
    Bad("-m mobilenet-v9", 2, "mobilenet"), Bad("-m xceptoin", 2, "xception"),
    Bad("", 2, "--model"), Bad("-m /nowhere/net.json", 3, "/nowhere/net.json"),
    Bad("-m mobilenet-v1 -w 0", 2, "width"), Bad("-m mobilenet-v1 -w=-1", 2, "width"),
    Bad("-m mobilenet-v1 -w 1e9", 2, "width"), Bad("-m mobilenet-v1 -w nan", 2, "width"),
    Bad("-m mobilenet-v1 -w inf", 2, "width"), Bad("-m mobilenet-v1 -w wide", 2, "wide"),
    Bad("-m mobilenet-v1 -r 33", 2, "32"), Bad("-m mobilenet-v1 -r 0", 2, "resolution"),
    Bad("-m mobilenet-v1 -r 1000000", 2, "resolution"),
    Bad("-m mobilenet-v1 -r=-32", 2, "resolution"), Bad("-m xception -r 70", 2, "71"),
    Bad("-m mobilenet-v1 --batch 0", 2, "batch"),
    Bad("-m mobilenet-v1 --batch 100000", 2, "batch"),
    Bad("-m mobilenet-v1 -t 0", 2, "-t takes"), Bad("-m mobilenet-v1 -t 5000", 4, "5000 threads"),
    Bad("-m mobilenet-v1 --cores nonsense", 2, "nonsense"),
    Bad("-m mobilenet-v1 --cores 0c/1pu/1xL3", 2, "0c"),
    Bad("-m mobilenet-v1 --cores 4096c/1pu/1xL3", 4, "4096c"),
    Bad("-m mobilenet-v1 --effort heroic", 2, "heroic"),
    Bad("-m mobilenet-v1 --time never", 2, "never"), Bad("-m mobilenet-v1 --time 0s", 2, "time"),
    Bad("-m mobilenet-v1 --isa neon128", 2, "neon128"),
    Bad("-m mobilenet-v1 -o /nowhere/a.schedule.json", 4, "/nowhere/a.schedule.json"),
    Bad("-m mobilenet-v1 -o /tmp", 4, "is a folder"),
    Bad("-m mobilenet-v1 -w 0.25 -r 32 --journal /tmp/x -o /tmp/x", 2, "different files"),
    Bad("-m mobilenet-v1 -w 0.25 -r 32 --journal /tmp/../tmp/x -o /tmp/x", 2, "different files"),
    Bad("-m mobilenet-v1 -w 0.25 -r 32 --journal /nowhere/j -o /tmp/x", 4, "/nowhere/j"),
    Bad("-m mobilenet-v1 --frobnicate", 2, "frobnicate"),
    Bad("-m mobilenet-v1", 4, "--effort estimate", ["HWLOC_SYNTHETIC": "pack:1 core:4 pu:1"]),
    Bad("-m mobilenet-v1 --effort estimate", 3, "nonsense", ["HWLOC_SYNTHETIC": "nonsense"]),
    Bad("-m mobilenet-v1 --effort estimate", 3, "/nowhere.xml", ["HWLOC_XMLFILE": "/nowhere.xml"]),
    Bad("check /nowhere.json", 3, "/nowhere.json"), Bad("check", 2, "FILE"),
    Bad("explain /nowhere.json", 3, "/nowhere.json"), Bad("diff /nowhere.json", 2, "B"),
    Bad("merge", 2, "FILE"), Bad("merge /nowhere.json", 3, "/nowhere.json"),
    Bad("replay /nowhere.jsonl", 3, "/nowhere.jsonl"), Bad("replay /dev/null", 3, "no journal"),
    Bad("run /nowhere.json --shard 0", 3, "/nowhere.json"),
    Bad("run /dev/null --shard 0", 3, "/dev/null"),
    Bad("replay /nowhere/x.jsonl -o /nowhere/x.jsonl", 2, "different files"),
    Bad("plan -m mobilenet-v1", 2, "shards"), Bad("plan -m mobilenet-v1 --shards 0", 2, "shards"),
  ]

  @Test(arguments: bad) func isRefusedInOneSentence(input: Bad) throws {
    let run = try Dstune.run(input.arguments, environment: input.environment)
    #expect(run.exitCode == input.exitCode, "\(run.talk)")
    #expect(run.output.isEmpty)
    let lines = run.talk.split(separator: "\n")
      .filter { !$0.hasPrefix("hint: ") && !$0.contains("measuring this machine") }
    #expect(lines.count { $0.contains("error: ") } == 1, "\(run.talk)")
    #expect(run.talk.contains(input.says), "\(run.talk)")
  }

  @Test(arguments: ["", "{", "[]", "hello", #"{"schema":"dstune.schedule/9.0"}"#, "\u{0}\u{1}"])
  func badSchedulesAreRefusedByEveryCommand(text: String) throws {
    try Fixtures.withFile(named: "bad.schedule.json", text.utf8) { path in
      for arguments in [
        ["check", path], ["explain", path], ["diff", path, path], ["merge", path],
      ] {
        let run = try Dstune.run(arguments)
        #expect(run.exitCode == 3, "\(arguments[0]): \(run.talk)")
        #expect(run.talk.contains(path) && run.output.isEmpty)
      }
    }
  }

  @Test func aFullStandardOutputIsAnError() throws {
    let run = try Dstune.run(
      ["topology", "--no-probe"], device: "/dev/full")
    #expect(run.exitCode != 0 && run.signal == nil)
  }

  @Test func aFailedRunLeavesTheEarlierScheduleAlone() throws {
    try Fixtures.withFile(named: "a.schedule.json", "precious".utf8) { path in
      let run = try Dstune.run(["-m", "mobilenet-v1", "-r", "33", "-o", path])
      #expect(run.exitCode == 2)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }
  }
}
