import Foundation
import TestSupport
import Testing

/// Whatever file a command cannot read, it says why.
@Suite("Files that cannot be read")
struct UnreadableFileTests {
  /// Command lines; @ is the file.
  static let readers = [
    ["dsbench", "cost", "--model", "@"], ["dsbench", "compare", "runs", "@", "@"],
    ["dsbench", "compare", "schedules", "@", "@"],
    ["dsbench", "run", "--model", "mobilenet-v1", "--schedule", "@"],
    ["dsclassify", "--model", "@", "--weights", "seed:0", "image.png"],
    ["dsclassify", "--model", "mobilenet-v1", "--weights", "@", "image.png"],
    ["dsclassify", "--model", "mobilenet-v1", "--weights", "seed:0", "@"],
    ["dsclassify", "-m", "mobilenet-v1", "-W", "seed:0", "--labels", "@", "image.png"],
    ["dsclassify", "-m", "mobilenet-v1", "-W", "seed:0", "--schedule", "@", "image.png"],
    ["dstune", "check", "@"], ["dstune", "diff", "@", "@"], ["dstune", "merge", "@", "@"],
    ["dstune", "explain", "@"], ["dstune", "replay", "@"], ["dstune", "run", "@", "--shard", "0"],
  ]

  @Test(arguments: readers)
  func saysWhy(words: [String]) throws {
    try Fixtures.withTemporaryFolder { folder in
      let loop = folder + "/loop.json"
      try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
      let reasons = [
        (folder + "/none.json", ["No such file or directory"]),
        (folder + "/", ["is a folder", "is a directory"]),
        (loop, ["Too many levels of symbolic links"]),
      ]
      for (path, sentences) in reasons {
        let run = try CommandRun(
          words[0], words.dropFirst().map { $0.replacing("@", with: path) })
        #expect(run.exitCode == 3 && run.output.isEmpty, "\(words) \(run)")
        let line = run.talk.split(separator: "\n").first.map(String.init) ?? ""
        #expect(line.contains(path) && sentences.contains { line.contains($0) }, "\(run.talk)")
        #expect(!line.contains("opening it") && !line.contains("reading it"), "\(run.talk)")
      }
    }
  }

  /// A plan that is larger than any, and one that ends too early.
  @Test func aPlanThatIsNoneIsNotCalledUnreadable() throws {
    try Fixtures.withFile(named: "cut.json", "{\n".utf8) { path in
      let run = try CommandRun("dstune", ["run", path, "--shard", "0"])
      #expect(run.exitCode == 3)
      #expect(run.talk.contains("is no JSON: line 2, column 1: the text ends too early"))
    }
  }
}
