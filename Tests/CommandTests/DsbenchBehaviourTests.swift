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
    ["compare", "networks", "--widths", "0.001,0.002"],
    ["roofline", "--format", "gbench"], ["list", "kernels", "--format", "gbench"],
    ["cost", "-m", "mobilenet-v1", "--format", "gbench"],
    ["compare", "runs", "a.json", "b.json", "--format", "gbench"],
    ["compare", "kernels", "--problem", DsbenchRun.problem, "--parameters", "columns:7=8"],
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

  // MARK: - Terminals

  private static let pseudoTerminal = "/usr/bin/script"
  private static let hasPseudoTerminal = FileManager.default.isExecutableFile(
    atPath: pseudoTerminal)

  /// What the program writes to a terminal of 40 columns.
  private func output(inATerminal arguments: [String]) throws -> String {
    let program = try CommandRun.path(of: "dsbench")
    let words = ([program] + arguments).map { "'\($0)'" }.joined(separator: " ")
    let process = Process()
    process.executableURL = URL(filePath: Self.pseudoTerminal)
    process.arguments = ["-qec", words + " 2>/dev/null", "/dev/null"]
    process.environment = [
      "COLUMNS": "40", "TERM": "dumb", "LANG": "", "LC_ALL": "", "PATH": "/usr/bin:/bin",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test(.enabled(if: hasPseudoTerminal, "script (bsdutils) is missing"))
  func narrowDumbTerminalWithoutLocale() throws {
    let output = try output(inATerminal: DsbenchRun.kernels)
    let lines = output.split { $0.isNewline }
    #expect(lines.count > 3)
    // The problem's key is a heading; it is longer and may be copied whole. So may a caption.
    for line in lines.dropFirst() where !line.hasPrefix("In all rows") {
      #expect(line.utf8.count <= 40, "\(line)")
    }
    #expect(output.utf8.allSatisfy { $0 < 0x80 } && !output.contains("\u{1B}"))
    #expect(!output.contains("|"))
  }

  /// `COLUMNS` is of the terminal that the pipe is not.
  @Test(arguments: [
    DsbenchRun.kernels, ["list", "kernels"], ["list", "problems", "-m", "mobilenet-v1"],
    ["cost", "-m", "mobilenet-v1"],
  ])
  func pipesGetWholeMarkdown(arguments: [String]) throws {
    let run = try CommandRun("dsbench", arguments, environment: ["COLUMNS": "40"])
    let tables = run.output.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(tables.count > 3 && !run.output.contains("…"))
    #expect(tables[1].allSatisfy { "|-: ".contains($0) })
    func cells(_ line: Substring) -> Int { line.replacing("\\|", with: "").count { $0 == "|" } }
    #expect(Set(tables.map(cells)).count == 1, "\(run.output)")
    #expect(
      try CommandRun("dsbench", arguments + ["--format", "csv"]).output.contains(",") == true)
  }

  @Test func messagesNameLongWordsWhole() throws {
    let path = "/nowhere/" + String(repeating: "long", count: 60)
    let run = try CommandRun("dsbench", ["roofline", path], environment: ["COLUMNS": "40"])
    #expect(run.exitCode == 2 && run.talk.contains(path))
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

  // MARK: - What is said without measuring

  @Test func combinationsThatCannotBeAreLeftOut() throws {
    let run = try CommandRun(
      "dsbench",
      [
        "compare", "networks", "--models", "xception,mobilenet-v1", "--widths", "0.25",
        "--resolutions", "32,71", "-t", "1", "--time", "100ms", "--format", "csv",
      ])
    #expect([0, 1].contains(run.exitCode), "\(run.talk)")
    #expect(run.talk.contains("left out: xception, width 0.25"))
    #expect(run.output.contains("\nmobilenet-v1,") && !run.output.contains("\nxception,"))
  }

  @Test func parametersAreTakenInBothForms() throws {
    let kernels = [
      "compare", "kernels", "--problem", DsbenchRun.problem, "--methods", "simd", "--isa",
      "baseline", "--time", "100ms",
    ]
    for form in ["columns=3", "columns:3"] {
      let rows = try DsbenchRun.rows(kernels + ["--parameters", form])
      #expect(rows.count == 1)
      #expect(rows.first?["parameters"] as? [String: Int] == ["columns": 3])
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1, "there is one processor"))
  func severalNumbersOfThreadsAreARecordEach() throws {
    let arguments = ["run", "-m", "mobilenet-v1", "-w", "0.25", "-r", "32", "--seconds", "0.1"]
    let runs = try DsbenchRun.rows(arguments + ["--threads", "1,2"])
    #expect(runs.map { $0["threads"] as? Int } == [1, 2])
    let lines = try CommandRun("dsbench", arguments + ["--threads", "1,2", "--format", "jsonl"])
    #expect(lines.output.split(separator: "\n").count == 2)
  }

  /// Also where the machine is busy while they are measured.
  @Test func roofsAreKept() throws {
    try Fixtures.withTemporaryFolder { folder in
      // Measured three times at most, however busy the machine is; then whatever there is stays.
      let runs = try (0..<4).map { _ in
        try CommandRun(
          "dsbench", ["roofline", "-t", "1", "--format", "json"],
          environment: ["XDG_CACHE_HOME": folder])
      }
      #expect(runs.allSatisfy { $0.exitCode == 0 })
      #expect(runs[0].talk.contains("measuring this machine's roofs"))
      #expect(!runs[3].talk.contains("measuring this machine's roofs"))
      let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/dstune")
      #expect(files.contains { $0.hasPrefix("roofs-") })
    }
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
