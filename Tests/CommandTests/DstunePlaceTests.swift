import Foundation
import TestSupport
import Testing

/// Where `dstune` writes: pipes, long names, and names that it makes of others.
@Suite(.serialized) struct DstunePlaceTests {
  private static let estimate = Dstune.tiny + ["-t", "1", "--effort", "estimate"]
  private static let short = Dstune.tiny + ["-t", "1", "--time", "1s"]

  /// What the reader of a shell's pipe gets of `dstune … -o PLACE`.
  private func shell(_ script: String, _ arguments: [String]) throws -> (code: Int32, text: String)
  {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments =
      ["-c", "set -o pipefail; " + script, try CommandRun.path(of: "dstune")] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  // MARK: - Pipes

  @Test(arguments: [
    "timeout 60 \"$0\" \"$@\" -o /dev/stdout | cat",
    "timeout 60 \"$0\" \"$@\" -o /dev/fd/1 | cat",
    "timeout 60 \"$0\" \"$@\" -o >(cat) > /dev/null",
    "mkfifo fifo && { timeout 60 \"$0\" \"$@\" -o fifo > /dev/null & } && cat fifo && wait $!",
  ])
  func aPipeGetsTheScheduleAlone(script: String) throws {
    try Fixtures.withTemporaryFolder { folder in
      for arguments in [Self.estimate, Self.short + ["--journal", folder + "/j"]] {
        let (code, text) = try shell("cd '\(folder)' && rm -f fifo; " + script, arguments)
        #expect(code == 0)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let schema = try #require(object?["schema"] as? String)
        #expect(schema.hasPrefix("dstune.schedule/1."))
      }
    }
  }

  @Test func aReaderThatHasGoneIsAnError() throws {
    let (code, _) = try shell(
      "{ sleep 1; timeout 60 \"$0\" \"$@\" -o /dev/stdout; } | true; exit ${PIPESTATUS[0]}",
      Self.estimate)
    #expect(code == 4)
  }

  /// Nobody reads, and the first signal ends that, also where trials went before.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aPipeWithoutAReaderIsLeft(signal: Int32) throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/fifo"
      try #require(mkfifo(path, 0o600) == 0)
      let process = try DstuneProcess(Self.estimate + ["-o", path])
      process.waitUntilAsleep()
      #expect(process.end(with: signal) == 130)
    }
  }

  @Test func aJournalOnAPipeIsWrittenAndNotResumed() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/fifo"
      try #require(mkfifo(path, 0o600) == 0)
      let place = ["-o", folder + "/a.schedule.json", "--journal", path]
      let resumed = try Dstune.run(Self.short + ["--resume"] + place)
      #expect(resumed.exitCode == 3 && resumed.talk.contains("no ordinary file"), "\(resumed.talk)")
      let (code, text) = try shell(
        "{ timeout 60 \"$0\" \"$@\" > /dev/null & } && cat '\(path)' && wait $!", Self.short + place
      )
      #expect(code == 0 && text.hasPrefix("{") && text.hasSuffix("}\n"))
    }
  }

  // MARK: - Names

  @Test(arguments: [240, 255]) func longNamesAreNames(length: Int) throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/" + String(repeating: "x", count: length)
      for _ in 0..<2 {
        let run = try Dstune.run(Self.short + ["-o", path])
        #expect(run.exitCode == 0, "\(run.talk)")
      }
      #expect(try Dstune.entries(path).count > 10)
      let explain = try Dstune.run(["explain", path])
      #expect(explain.exitCode == 0 && !explain.talk.contains("no journal"), "\(explain.talk)")
      // The schedule, its journal and the one before; a partial schedule where the second run had too little time.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count >= 3)
    }
  }

  /// Exit 4, and nothing was measured or written.
  private func expectRefusal(
    _ arguments: [String], saying sentence: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let run = try Dstune.run(arguments)
    #expect(run.exitCode == 4, "\(run.talk)", sourceLocation: sourceLocation)
    #expect(run.talk.contains(sentence), "\(run.talk)", sourceLocation: sourceLocation)
    #expect(
      !run.talk.contains("measuring") && run.output.isEmpty, "\(run.talk)",
      sourceLocation: sourceLocation)
  }

  @Test func whatCannotBeWrittenIsRefusedBeforeTheWork() throws {
    try Fixtures.withTemporaryFolder { folder in
      let output = ["-o", folder + "/a"]
      let tooLong = folder + "/" + String(repeating: "x", count: 256)
      try expectRefusal(Self.short + ["-o", tooLong], saying: "name too long")
      for place in ["/sys/j", "/nowhere/j", folder, tooLong] {
        try expectRefusal(Self.short + output + ["--journal", place], saying: place)
        try expectRefusal(Self.short + output + ["--journal", place], saying: "with --journal")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func derivedNamesAreNoExcuse() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (path, partial) = (folder + "/a.schedule.json", folder + "/a.partial.schedule.json")
      #expect(try Dstune.run(Self.estimate + ["-o", path]).exitCode == 0)
      try Dstune.rewrite(path, to: path) { object in
        object["network_result"] = [
          "default_ms": 2, "tuned_ms": 1, "ratio": 2, "low": 2, "high": 2,
        ]
      }
      try Data("precious".utf8).write(to: URL(filePath: partial))
      for arguments in [Self.estimate, Self.short] {
        try expectRefusal(arguments + ["-o", path], saying: "\(partial): is there and no schedule")
      }
      #expect(try String(contentsOfFile: partial, encoding: .utf8) == "precious")
      // A partial one that knows more is kept, too.
      try FileManager.default.removeItem(atPath: partial)
      try FileManager.default.copyItem(atPath: path, toPath: partial)
      let run = try Dstune.run(Self.estimate + ["-o", path])
      #expect(run.output.contains("written to \(folder)/a.partial2.schedule.json"), "\(run.talk)")
      #expect(try Data(contentsOf: URL(filePath: partial)) == Data(contentsOf: URL(filePath: path)))
    }
  }

  @Test func noNameIsUsedTwice() throws {
    try Fixtures.withTemporaryFolder { folder in
      let journal = folder + "/j"
      for (output, journal) in [
        (folder + "/a.schedule.json", folder + "/a.partial.schedule.json"),
        (journal + ".old", journal),
      ] {
        let run = try Dstune.run(Self.estimate + ["-o", output, "--journal", journal])
        #expect(run.exitCode == 2 && run.talk.contains("different files"), "\(run.talk)")
      }
    }
  }

  @Test func aBusyJournalIsTheMachinesFault() throws {
    try Dstune.withTuned { folder in
      let journal = folder + "/a.trials.jsonl"
      let descriptor = open(journal, O_RDWR | O_CLOEXEC)
      defer { close(descriptor) }
      try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      for flags in [[], ["--resume"]] {
        try expectRefusal(
          Self.short + flags + ["-o", folder + "/a.schedule.json"], saying: "another dstune")
      }
    }
  }
}
