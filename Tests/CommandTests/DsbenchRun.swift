import Foundation
import TestSupport

/// `dsbench` on problems so small that a test takes no time.
enum DsbenchRun {
  static let problem = "depthwise 3x3 s1 p1,1 7x7x16 relu6 f32"
  static let kernels = ["compare", "kernels", "--problem", problem, "--time", "300ms"]

  static func json(_ arguments: [String]) throws -> Any {
    let run = try CommandRun("dsbench", arguments + ["--format", "json"])
    return try JSONSerialization.jsonObject(with: Data(run.output.utf8))
  }

  static func object(_ arguments: [String]) throws -> [String: Any] {
    try json(arguments) as? [String: Any] ?? [:]
  }

  static func rows(_ arguments: [String]) throws -> [[String: Any]] {
    try json(arguments) as? [[String: Any]] ?? []
  }

  /// How many of these kernels the others are compared with; it is undecided whether it is the fastest where noise says so.
  static func references(_ rows: [[String: Any]]) -> Int {
    rows.count { row in
      let speed = row["relative_speed"] as? [String: Any]
      return ["fastest", "undecided"].contains(row["verdict"] as? String)
        && ["ratio", "low", "high"].allSatisfy { speed?[$0] as? Double == 1 }
    }
  }

  static let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

  /// What a Python script says of a file with this text; it finds its path in `sys.argv[1]`.
  static func python(_ script: String, reading text: String) throws -> String {
    try Fixtures.withFile(text.utf8) { path in
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.arguments = ["-c", script, path]
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }
  }
}
