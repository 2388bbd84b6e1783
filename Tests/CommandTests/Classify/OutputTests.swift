import DSCore
import DSKernels
import Glibc
import TestSupport
import Testing

@Suite("dsclassify where it cannot write or run")
struct OutputTests {
  private func expectFailure(
    _ run: CommandRun, saying sentence: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(run.signal == nil && run.exitCode == 4, "\(run)", sourceLocation: sourceLocation)
    #expect(run.talk.hasPrefix("dsclassify: error: "), sourceLocation: sourceLocation)
    #expect(run.talk.contains(sentence), "\(run.talk)", sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    ("/nowhere/output.npy", "No such file or directory"), ("/dev/full", "No space left on device"),
    ("/proc/output.npy", "cannot be written"), ("/tmp", "is a folder"),
  ])
  func outputThatCannotBeWritten(path: String, sentence: String) throws {
    try ClassifyScene.with { scene in
      let run = try scene.classify(["--output", path])
      expectFailure(run, saying: path)
      expectFailure(run, saying: sentence)
      // Refused before the work, or what was found out is still printed.
      #expect(run.output.contains("probability") == (path == "/dev/full"))
      #expect(try scene.isUntouched())
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func readOnlyFolder() throws {
    try ClassifyScene.with { scene in
      chmod(scene.folder, 0o500)
      defer { chmod(scene.folder, 0o700) }
      expectFailure(try scene.classify(), saying: "Permission denied")
      #expect(try scene.isUntouched())
    }
  }

  @Test func fullStandardOutput() throws {
    try ClassifyScene.with { scene in
      expectFailure(try scene.classify(device: "/dev/full"), saying: "cannot write the output")
    }
  }

  @Test(
    .enabled(if: Registry.bestInstructionSet < .avx512, "this CPU has every instruction set"))
  func instructionSetThatTheCPUHasNot() throws {
    try ClassifyScene.with { scene in
      let run = try scene.classify(["--isa", InstructionSet.avx512.rawValue])
      expectFailure(run, saying: "the best it has is \(Registry.bestInstructionSet)")
      #expect(try scene.isUntouched())
    }
  }

  @Test func logitsNeedAFile() throws {
    let run = try CommandRun(
      "dsclassify", ["-m", "mobilenet-v1", "-W", "seed:0", "--logits", "image.png"])
    #expect(run.exitCode == 2 && run.talk.contains("--output"), "\(run.talk)")
  }

  @Test(arguments: [["-m", "xception", "image.png"], ["-W", "seed:0", "image.png"], []])
  func whatIsMissingIsNamed(words: [String]) throws {
    let run = try CommandRun("dsclassify", words)
    #expect(run.exitCode == 2 && run.talk.contains("is missing"), "\(run.talk)")
  }
}
