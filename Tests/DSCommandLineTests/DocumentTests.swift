import DSCommandLine
import Glibc
import Testing

@Suite("Documents from the flag table")
struct DocumentTests {
  private static func output(
    _ words: [String], of command: Command = SampleProgram.root,
    environment: [String: String] = ["LANG": "C.UTF-8"]
  ) throws -> String {
    let run = try CapturedRun(command, words, environment: environment)
    try #require(run.code == .ok, "\(run.talk)")
    return run.output
  }

  @Test(
    "golden files",
    arguments: [
      (["-h"], "sample-short.txt"), (["--help"], "sample-long.txt"),
      (["check", "--help"], "sample-check.txt"), (["compare", "-h"], "sample-compare.txt"),
      (["generate", "man"], "sample.1"), (["generate", "bash"], "sample.bash"),
      (["generate", "zsh"], "sample.zsh"), (["generate", "fish"], "sample.fish"),
    ])
  func golden(words: [String], name: String) throws {
    expectGolden(try Self.output(words), name)
  }

  @Test("help at 40 columns")
  func narrow() throws {
    let text = try Self.output(["--help"], environment: ["COLUMNS": "40", "LANG": "C.UTF-8"])
    expectGolden(text, "sample-40-columns.txt")
    for line in text.split(separator: "\n") { #expect(line.count <= 40, "\(line)") }
  }

  @Test("no locale: help in ASCII")
  func ascii() throws {
    let text = try Self.output(["check", "--help"], environment: [:])
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("FILE [WORD..]"))
  }

  @Test("help COMMAND is COMMAND --help")
  func helpCommand() throws {
    #expect(try Self.output(["help", "check"]) == Self.output(["check", "--help"]))
    #expect(try Self.output(["help"]) == Self.output(["--help"]))
  }

  @Test("help wins over what is missing, not over what is wrong before it")
  func helpFirst() throws {
    #expect(try Self.output(["check", "-h"]).contains("sample check FILE") == false)
    #expect(try Self.output(["check", "-h"]).contains("sample check [FLAGS] FILE [WORD…]"))
    #expect(try CapturedRun(SampleProgram.root, ["--nope", "--help"]).code == .usage)
  }

  @Test("the version is the text given", arguments: ["--version", "-V"])
  func version(flag: String) throws {
    #expect(try Self.output([flag]) == "sample 1.2.3\nbuilt for tests\n")
  }

  @Test("a program that takes words has --generate in place of a command")
  func generateFlag() throws {
    #expect(try Self.output(["--generate", "bash"], of: SampleProgram.reader).contains("_reader"))
    expectGolden(try Self.output(["-h"], of: SampleProgram.reader), "reader-short.txt")
  }

  // MARK: - Read by the programs they are for

  @Test("bash accepts its script", .enabled(if: ExternalProgram("bash") != nil))
  func bashSyntax() throws { try expectAccepted(by: "bash", ["-n"]) }

  @Test("zsh accepts its script", .enabled(if: ExternalProgram("zsh") != nil))
  func zshSyntax() throws { try expectAccepted(by: "zsh", ["-n"]) }

  @Test("fish accepts its script", .enabled(if: ExternalProgram("fish") != nil))
  func fishSyntax() throws { try expectAccepted(by: "fish", ["--no-execute"]) }

  private func expectAccepted(by shell: String, _ flags: [String]) throws {
    let program = try #require(ExternalProgram(shell))
    for command in [SampleProgram.root, SampleProgram.reader] {
      let words = command.positionals.isEmpty ? ["generate", shell] : ["--generate", shell]
      let script = try TemporaryFile()
      #expect(TextFile.write(try Self.output(words, of: command), to: script.path))
      let result = try program.run(flags + [script.path])
      #expect(result.status == 0 && result.output.isEmpty, "\(result.output)")
    }
  }

  @Test(
    "bash completes", .enabled(if: ExternalProgram("bash") != nil),
    arguments: [
      (["sample", "ch"], "check"), (["sample", "--mod"], "--model"),
      (["sample", "--effort", "p"], "patient"), (["sample", "--effort", "=", "p"], "patient"),
      (["sample", "--effort", "="], "estimate measure patient exhaustive heroic"),
      (["sample", "compare", ""], "kernels runs --help --version --color"),
      (["sample", "--output", "check", "comp"], "compare"),
      (["sample", "--output", "=", "check", "comp"], "compare"),
      (["sample", "compare", "kernels", "--k"], "--kernels"),
      (["sample", "--threads", ""], ""), (["sample", "generate", "z"], "zsh"),
    ])
  func bashCompletes(words: [String], expected: String) throws {
    let bash = try #require(ExternalProgram("bash"))
    let script = try TemporaryFile()
    #expect(TextFile.write(try Self.output(["generate", "bash"]), to: script.path))
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let result = try bash.run([
      "-c",
      """
      source \(script.path); compopt() { :; }
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); _sample; echo "${COMPREPLY[*]}"
      """,
    ])
    #expect(result.output == expected + "\n")
  }

  @Test(
    "fish completes", .enabled(if: ExternalProgram("fish") != nil),
    arguments: [
      ("sample che", "check"), ("sample --effort p", "patient"), ("sample --mod", "--model"),
      ("sample --effort=p", "--effort=patient"), ("sample compare k", "kernels"),
      ("sample --output check comp", "compare"), ("sample compare kernels --k", "--kernels"),
    ])
  func fishCompletes(line: String, expected: String) throws {
    let fish = try #require(ExternalProgram("fish"))
    let script = try TemporaryFile()
    #expect(TextFile.write(try Self.output(["generate", "fish"]), to: script.path))
    let result = try fish.run(["-N", "-c", "source \(script.path); complete -C '\(line)'"])
    #expect(result.output.split(separator: "\t").first.map(String.init) == expected)
  }

  @Test("groff reads the man page without a warning", .enabled(if: ExternalProgram("groff") != nil))
  func manPage() throws {
    let groff = try #require(ExternalProgram("groff"))
    let page = try TemporaryFile()
    #expect(TextFile.write(try Self.output(["generate", "man"]), to: page.path))
    let result = try groff.run(["-ww", "-man", "-Tutf8", "-P-cbou", page.path])
    #expect(result.status == 0)
    #expect(!result.output.contains("warning"), "\(result.output)")
    for text in ["SAMPLE(1)", "--model", "COMPARE KERNELS", "can't be hurried", "EXIT STATUS"] {
      #expect(result.output.contains(text), "\(text) in \(result.output)")
    }
  }
}
