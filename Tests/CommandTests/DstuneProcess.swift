import Foundation

/// A `dstune` that is still running, for tests that end it.
final class DstuneProcess {
  private let process = Process()
  private let folder: String

  init(_ arguments: [String], in folder: String) throws {
    self.folder = folder
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(filePath: tests).deletingLastPathComponent()
      .appending(path: "dstune")
    process.arguments = arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  /// Waits until the file has so many lines, or the process has ended.
  func wait(forLines count: Int, in path: String) {
    while process.isRunning {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      if text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) >= count { return }
      usleep(2000)
    }
  }

  /// Sends a signal and waits for the end.
  ///
  /// - Returns: the exit code, or minus the signal that ended it.
  func end(with signal: Int32) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    let status = process.terminationStatus
    return process.terminationReason == .exit ? status : -status
  }
}
