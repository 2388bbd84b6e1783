import DSCore
import Foundation
import TestSupport
import Testing

/// Where /proc is not mounted: early at the system's start, in a chroot, in a strict container.
@Suite(.serialized) struct WithoutProcTests {
  /// A mount namespace with an empty folder for /proc.
  private static let hidden =
    "exec unshare --mount sh -c 'mount -t tmpfs none /proc && exec \"$0\" \"$@\"' \"$0\" \"$@\""

  private static let canHide =
    (try? CommandRun("dsbench", ["--version"], limits: hidden))?.exitCode == 0

  @Test(
    .enabled(if: canHide, "this process may not mount"),
    arguments: [
      ("dstune", ["--frobnicate"], 2, "--frobnicate"),
      (
        "dstune", Dstune.tiny + ["-t", "1", "--effort", "estimate", "-o", "/dev/null"], 0,
        "nothing was timed"
      ),
      // Its link leads into /proc: nothing to write to, and nothing to replace.
      (
        "dstune", Dstune.tiny + ["-t", "1", "--effort", "estimate", "-o", "/dev/stdout"], 4,
        "/dev/stdout: cannot be written"
      ),
      (
        "dstune",
        Dstune.tiny + ["-t", "1", "--time", "1s", "-o", "/dev/null", "--journal", "/dev/zero"], 0,
        "noise floor"
      ),
      ("dstune", ["topology", "--no-probe"], 0, "core"),
      ("dsbench", ["list", "kernels"], 0, "f32-pointwise"),
      (
        "dsbench", ["run"] + Dstune.tiny + ["-t", "1", "--seconds", "0.1", "-f", "json"], 0,
        "latency_ms"
      ),
      ("dsbench", DsbenchRun.kernels + ["-f", "json"], 0, DsbenchRun.problem),
      ("dsclassify", ["-m", "mobilenet-v1", "-W", "seed:0", "/nowhere.png"], 3, "/nowhere.png"),
    ] as [(String, [String], Int32, String)])
  func wordsArriveAndAllWorks(
    program: String, words: [String], exitCode: Int32, says: String
  ) throws {
    let run = try CommandRun(program, words, limits: Self.hidden)
    #expect(run.exitCode == exitCode && run.signal == nil, "\(run.talk)")
    #expect((run.output + run.talk).contains(says), "\(run)")
  }
}
