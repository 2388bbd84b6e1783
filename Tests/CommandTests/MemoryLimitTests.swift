import DSRuntime
import Foundation
import TestSupport
import Testing

/// Where a limit leaves too little, a sentence says how much is needed and how much is allowed; nothing is ended by a trap, a
/// signal or the system.
@Suite struct MemoryLimitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var program: String
    var arguments: [String]
    /// In MB.
    var limits: [Int]

    var testDescription: String { "\(program) \(arguments[0])" }
  }

  private static let wide = Fixtures.path("networks/mem-bigw.network.json")
  private static let large = Fixtures.path("networks/mem-big.network.json")
  private static let image = Fixtures.path("images/rgb.png")

  /// Each needs more than its limits.
  private static let cases = [
    Case(
      program: "dsclassify", arguments: ["-m", wide, "-W", "seed:1", image],
      limits: [40, 100, 600, 1500]),
    Case(
      program: "dsclassify", arguments: ["-m", large, "-W", "seed:1", image], limits: [40, 60, 90]),
    Case(
      program: "dsbench", arguments: ["run", "-m", large, "--seconds", "0.05"],
      limits: [40, 60, 90]),
    Case(
      program: "dsbench", arguments: ["run", "-m", wide, "--seconds", "0.05"], limits: [50, 1500]),
    Case(
      program: "dsbench", arguments: ["compare", "blocks", "--time", "0.1s"], limits: [44, 60]),
    Case(
      program: "dsbench",
      arguments: [
        "compare", "kernels", "-p", "pointwise 1x1x20000->20000 none f32", "--time", "0.1s",
      ], limits: [100, 1500]),
    Case(program: "dstune", arguments: ["-m", wide, "--time", "0.1s"], limits: [60, 1500]),
    Case(program: "dstune", arguments: ["-m", large, "--time", "0.1s"], limits: [60, 300]),
  ]

  @Test(arguments: cases)
  func aLimitIsSaid(_ item: Case) throws {
    try Fixtures.withTemporaryFolder { folder in
      for limit in item.limits {
        let output = item.program == "dsclassify" ? "scores.npy" : "out.schedule.json"
        let run = try CommandRun(
          item.program, item.arguments + ["-t", "1", "-o", folder + "/" + output],
          environment: ["XDG_CACHE_HOME": folder], limits: "ulimit -v \(limit * 1000)")
        #expect(run.exitCode == 4 && run.signal == nil, "\(limit) MB: \(run.talk)")
        let sentence = run.talk.split(separator: "\n").filter { $0.contains("error: ") }
        #expect(sentence.count == 1, "\(limit) MB: \(run.talk)")
        #expect(run.talk.contains("there is no memory for "), "\(limit) MB: \(run.talk)")
        let allowed = "ulimit -v allows this process \(limit * 1000 / 1024) MiB in all"
        #expect(run.talk.contains(allowed), "\(limit) MB: \(run.talk)")
      }
    }
  }

  /// A stack larger than what is left.
  @Test(.enabled(if: LiveMachine.current.processors.count >= 2, "one core"))
  func aThreadForWhichThereIsNoMemoryIsSaid() throws {
    let run = try CommandRun(
      "dsclassify",
      ["-m", "mobilenet-v1", "-w", "0.25", "-r", "128", "-W", "seed:1", "-t", "2", Self.image],
      limits: "ulimit -s 200000 && ulimit -v 150000")
    #expect(run.exitCode == 4 && run.talk.contains("the system refused a thread"), "\(run.talk)")
  }

  /// Inputs that say of themselves how much they hold.
  @Test func filesThatNoLimitHoldsAreSaid() throws {
    try Fixtures.withTemporaryFolder { folder in
      let header = Data("P6 8000 8000 255\n".utf8)
      let (image, array) = (folder + "/a.ppm", folder + "/a.npy")
      try (header + Data(count: 3 * 8000 * 8000)).write(to: URL(filePath: image))
      try NumpyArray(shape: [1 << 25], values: [Float](repeating: 0, count: 1 << 25)).write(
        to: array)
      for path in [image, array] {
        // Enough to map the file, and not for what it holds.
        for limit in [100, 260] {
          let run = try CommandRun(
            "dsclassify", ["-m", "mobilenet-v1", "-w", "0.25", "-r", "128", "-W", "seed:1", path],
            limits: "ulimit -v \(limit * 1000)")
          #expect(run.exitCode == 4 && run.signal == nil, "\(path) at \(limit): \(run.talk)")
          #expect(run.talk.contains("\(path): there is no memory for "), "\(run.talk)")
        }
      }
    }
  }
}
