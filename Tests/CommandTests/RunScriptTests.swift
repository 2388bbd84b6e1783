import Foundation
import TestSupport
import Testing

/// `Scripts/run` in a package of two empty commands, with a `swift` that only notes how it was called.
@Suite struct RunScriptTests {
  private static let scripts = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Scripts").path

  /// - Parameter swift: what the shell does that stands for `swift`, after it has noted its arguments in `calls`.
  private func run(
    times: Int = 1, swift: String
  ) throws -> (runs: [CommandRun], calls: [String]) {
    try Fixtures.withTemporaryFolder { folder in
      let files = FileManager.default
      func write(_ name: String, _ text: String) throws {
        let path = URL(filePath: folder).appending(path: name)
        try files.createDirectory(
          at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: path)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
      }
      try files.createDirectory(atPath: folder + "/Scripts", withIntermediateDirectories: true)
      try files.copyItem(atPath: Self.scripts + "/run", toPath: folder + "/Scripts/run")
      try write("Scripts/setup", "#!/bin/sh\n")
      for command in ["one", "two"] { try write("Sources/\(command)/main.swift", "") }
      try write("bin/swift", "#!/bin/bash\nroot=\(folder)\necho \"$@\" >>$root/calls\n\(swift)\n")
      let runs = try (0..<times).map { _ in
        try CommandRun(
          path: "/bin/bash", [folder + "/Scripts/run", "one", "hello"],
          environment: ["PATH": "\(folder)/bin:/usr/bin:/bin"])
      }
      let calls = try String(contentsOfFile: folder + "/calls", encoding: .utf8)
      return (runs, calls.split(separator: "\n").map { String($0).replacing(folder, with: "ROOT") })
    }
  }

  private static let builds = """
    mkdir -p $root/.build/release
    for name in one two; do
      printf '#!/bin/sh\\necho "$0 $@" | sed s:.*/::\\n' >$root/.build/release/$name
      chmod +x $root/.build/release/$name
    done
    """

  @Test func theFirstCommandBuildsAllAndTheNextItself() throws {
    let (runs, calls) = try run(times: 2, swift: Self.builds)
    #expect(runs.allSatisfy { $0.exitCode == 0 && $0.output == "one hello\n" }, "\(runs)")
    #expect(
      calls == [
        "build --package-path ROOT -c release",
        "build --package-path ROOT -c release --product one",
      ])
    #expect(runs[0].talk.contains("all commands") && runs[1].talk == "building one…\n")
  }

  /// The cache of compiled modules goes first, which takes a minute to make; then all that was built.
  @Test(arguments: [(1, true), (2, false)])
  func aMovedFolderIsMendedAndSaid(failures: Int, keepsRest: Bool) throws {
    let swift = """
      mkdir -p $root/.build/x86/release/ModuleCache
      [[ $(wc -l <$root/calls) == 1 ]] && touch $root/.build/x86/release/ModuleCache/old $root/.build/rest
      if (($(wc -l <$root/calls) <= \(failures))); then
        echo "<unknown>:0: error: missing required module 'SwiftShims'"
        exit 1
      fi
      [[ ! -e $root/.build/x86/release/ModuleCache/old ]] || exit 1
      [[ -e $root/.build/rest ]] && echo kept >>$root/calls
      \(Self.builds)
      """
    let (runs, calls) = try run(swift: swift)
    #expect(runs[0].exitCode == 0 && runs[0].output == "one hello\n", "\(runs[0].talk)")
    #expect(runs[0].talk.contains("was moved") && !runs[0].talk.contains("SwiftShims"))
    #expect(calls.count { $0.hasPrefix("build") } == failures + 1)
    #expect(calls.contains("kept") == keepsRest)
  }

  @Test func anyOtherFailureIsShown() throws {
    let (runs, calls) = try run(swift: "echo 'error: cannot find x in scope'; exit 1")
    #expect(runs[0].exitCode == 4 && runs[0].talk.contains("cannot find x"), "\(runs[0].talk)")
    #expect(calls.count == 1)
  }
}
