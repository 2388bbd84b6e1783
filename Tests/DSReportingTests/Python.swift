import Foundation

/// Python reads what we write: a reader that nobody here wrote.
enum Python {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Debian's own, which sees the modules that its packages install; another one on the `PATH` may not.
  private static let interpreter = URL(filePath: "/usr/bin/python3")

  static let isInstalled = (try? run("print(1)")) == "1\n"

  /// Runs a script with `files` in its folder (and as its arguments); what it printed.
  static func run(_ script: String, files: [String: String] = [:]) throws -> String {
    try run(arguments: ["-c", script], files: files)
  }

  static func run(arguments: [String], files: [String: String]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "reporting-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }

    let process = Process()
    process.executableURL = interpreter
    process.arguments = arguments
    process.currentDirectoryURL = folder
    let (output, errors) = (Pipe(), folder.appending(path: "stderr"))
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: (try? String(contentsOf: errors, encoding: .utf8)) ?? "no reason")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
