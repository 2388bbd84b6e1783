import DSCore
import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct DsbenchBehaviourTests {
  // MARK: - Bad requests

  @Test(arguments: [
    ["compare", "kernels"],
    ["compare", "kernels", "--problem", "no such thing"],
    ["compare", "kernels", "--problem", DsbenchRun.problem, "--methods", "fast"],
    ["compare", "kernels", "--problem", DsbenchRun.problem, "--kernels", "unknown"],
    [
      "compare", "kernels", "--problem", DsbenchRun.problem, "--kernels",
      "f32-softmax-naive__baseline",
    ],
    ["compare", "kernels", "--problem", DsbenchRun.problem, "--model", "mobilenet-v1"],
    ["compare", "kernels", "--problem", DsbenchRun.problem, "--parameters", "columns"],
    ["compare", "blocks", "--input", "56x56"],
    ["compare", "schedules", "default"],
    ["compare", "schedules", "default", "default"],
    ["compare", "runs", "a.json", "b.json", "--fail-if-slower", "much"],
    ["compare", "networks", "--widths", "wide"],
    ["run", "--modle", "xception"],
  ])
  func wrongUseIsSaid(arguments: [String]) throws {
    let run = try CommandRun("dsbench", arguments)
    #expect(run.exitCode == 2)
    #expect(run.output.isEmpty)
    #expect(run.talk.hasPrefix("dsbench: error: "))
  }

  @Test func moreThreadsThanCoresIsNotPossible() throws {
    let run = try CommandRun("dsbench", DsbenchRun.kernels + ["--threads", "60000"])
    #expect(run.exitCode == 4)
    #expect(run.talk.contains("60000 threads"))
  }

  @Test func anotherMachineIsNotMeasured() throws {
    let run = try CommandRun(
      "dsbench", DsbenchRun.kernels, environment: ["HWLOC_SYNTHETIC": "pack:1 l3:1 core:4 pu:1"])
    #expect(run.exitCode == 4 && run.output.isEmpty)
    #expect(run.talk.contains("is not this machine"), "\(run.talk)")
  }

  /// Where allocating would end the process.
  @Test(
    .enabled(if: SystemMemory.byteCount < 30 << 30, "this machine has the memory"),
    arguments: [
      ["run", "-m", "mobilenet-v1", "-w", "0.125", "-r", "2048", "--batch", "640", "-t", "1"],
      ["compare", "blocks", "--input", "65536x65536x1", "-n", "1", "-t", "1"],
      ["compare", "kernels", "-p", "depthwise 3x3 s1 p1,1 65536x65536x2 none f32", "-t", "1"],
    ])
  func whatNoMemoryHoldsIsRefused(arguments: [String]) throws {
    let run = try CommandRun("dsbench", arguments)
    #expect(run.exitCode == 4 && run.output.isEmpty)
    #expect(run.talk.contains("there is no memory for"), "\(run.talk)")
  }

  /// An unreadable network is no wrong use.
  @Test func networkFilesThatAreNoneAreInput() throws {
    try Fixtures.withFile(named: "net.json", "{}".utf8) { path in
      for arguments in [["compare", "networks", "--models", path], ["run", "-m", path]] {
        let run = try CommandRun("dsbench", arguments)
        #expect(run.exitCode == 3 && run.talk.contains(path), "\(run.talk)")
      }
    }
  }

  @Test func missingFilesAreNamed() throws {
    for arguments in [
      ["compare", "runs", "/nowhere/a.json", "/nowhere/b.json"],
      ["compare", "schedules", "default", "/nowhere/a.json", "--model", "mobilenet-v1"],
    ] {
      let run = try CommandRun("dsbench", arguments)
      #expect(run.exitCode == 3)
      #expect(run.talk.contains("/nowhere/a.json"))
    }
  }

  // MARK: - Comparing saved files

  /// Two files whose only difference is a known factor.
  private func compareRuns(slowdown: Double, limit: String) throws -> CommandRun {
    func file(_ factor: Double) -> String {
      let samples = (0..<20).map { "\((1000 + Double($0)) * factor)" }.joined(separator: ", ")
      return """
        [{"problem": "p", "kernel": "k", "threads": 1, "parameters": {"rows": 4}, "cache": "network",
          "microseconds": {"median": \(1.0095 * factor)}, "samples_ns": [\(samples)]}]
        """
    }
    return try Fixtures.withTemporaryFolder { folder in
      try Data(file(1).utf8).write(to: URL(filePath: folder + "/a.json"))
      try Data(file(slowdown).utf8).write(to: URL(filePath: folder + "/b.json"))
      return try CommandRun(
        "dsbench",
        ["compare", "runs", folder + "/a.json", folder + "/b.json", "--fail-if-slower", limit])
    }
  }

  @Test(arguments: [(1.2, "5%", 1), (1.2, "30%", 0), (1.0, "0%", 0), (0.5, "5%", 0)])
  func slowerFilesFail(slowdown: Double, limit: String, code: Int32) throws {
    let run = try compareRuns(slowdown: slowdown, limit: limit)
    #expect(run.exitCode == code)
    #expect(run.output.contains(slowdown == 1 ? "no difference shown" : "%"))
  }

  @Test func aRunIsComparableWithItself() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/run.json"
      let arguments = DsbenchRun.kernels + ["--format", "json", "--output", path]
      #expect(try CommandRun("dsbench", arguments).exitCode == 0)
      let run = try CommandRun(
        "dsbench", ["compare", "runs", path, path, "--fail-if-slower", "0%"])
      #expect(run.exitCode == 0)
      #expect(!run.output.contains("slower"))
    }
  }

  // MARK: - Terminals

  @Test func narrowDumbTerminalWithoutLocale() throws {
    let run = try CommandRun(
      "dsbench", DsbenchRun.kernels,
      environment: ["COLUMNS": "40", "TERM": "dumb", "LANG": "", "LC_ALL": ""])
    #expect(run.exitCode == 0)
    // The problem's key is a heading; it is longer and may be copied whole.
    for line in run.output.split(separator: "\n").dropFirst() {
      #expect(line.utf8.count <= 40, "\(line)")
    }
    #expect((run.output + run.talk).utf8.allSatisfy { $0 < 0x80 })
    #expect(!run.output.contains("\u{1B}"))
  }

  @Test func fullDeviceIsAFailure() throws {
    let run = try CommandRun(
      "dsbench", ["list", "kernels"], device: "/dev/full")
    #expect(run.exitCode == 4)
  }

  @Test func aClosedPipeIsNoFailure() throws {
    let process = Process()
    let program = try CommandRun.path(of: "dsbench")
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c",
      "{ \"$0\" \"$@\" 2>&1 >&3 | cat >&2; } 3>&1 | head -n 1", program, "list", "kernels",
    ]
    let (output, talk) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = talk
    try process.run()
    let line = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(!line.isEmpty)
    #expect(talk.fileHandleForReading.readDataToEndOfFile().isEmpty)
  }

  // MARK: - Company

  @Test func twoRunsAtOnceBothEnd() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Started here and not in a task: a busy test runner might run two tasks one after the other.
    let first = Process()
    first.executableURL = URL(filePath: try CommandRun.path(of: "dsbench"))
    first.arguments = ["compare", "kernels", "--problem", DsbenchRun.problem, "--time", "6s"]
    first.environment = ["XDG_CACHE_HOME": folder.path]
    let (output, talk) = (Pipe(), Pipe())
    first.standardOutput = output
    first.standardError = talk
    try first.run()
    let second = try CommandRun(
      "dsbench", ["compare", "kernels", "--problem", DsbenchRun.problem, "--time", "2s"],
      environment: ["XDG_CACHE_HOME": folder.path])
    _ = output.fileHandleForReading.readDataToEndOfFile()
    let said = talk.fileHandleForReading.readDataToEndOfFile()
    first.waitUntilExit()
    #expect(first.terminationStatus == 0 && second.exitCode == 0)
    #expect(
      (String(decoding: said, as: UTF8.self) + second.talk).contains(
        "another dstune or dsbench measures"))
  }
}
