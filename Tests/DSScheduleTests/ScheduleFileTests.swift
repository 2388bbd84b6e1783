import DSCore
import DSSchedule
import Foundation
import Testing

/// A folder of its own for every test, removed afterwards.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "schedule-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }
}

@Suite struct ScheduleFileTests {
  @Test func writesAndReads() throws {
    let folder = try TemporaryFolder()
    let schedule = try ScheduleSamples.read()
    let path = folder.file("a.schedule.json")
    try schedule.write(path: path)
    #expect(try Schedule.read(path: path) == schedule)
    #expect(folder.names == ["a.schedule.json"])
  }

  @Test func replacesKeepsTheModeAndFollowsLinks() throws {
    let folder = try TemporaryFolder()
    let (real, link) = (folder.file("real.json"), folder.file("link.json"))
    try Data("old".utf8).write(to: URL(filePath: real))
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: real)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.json")
    let schedule = try ScheduleSamples.read()
    try schedule.write(path: link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.json")
    #expect(try Schedule.read(path: real) == schedule)
    let mode = try FileManager.default.attributesOfItem(atPath: real)[.posixPermissions] as? Int
    #expect(mode == 0o640)
    #expect(folder.names.count == 2)
  }

  @Test func aFolderOrAMissingFolderIsOneSentenceAndLeavesNothing() throws {
    let folder = try TemporaryFolder()
    let schedule = try ScheduleSamples.read()
    for path in [folder.path, folder.file("missing/a.json"), "/proc/a.schedule.json"] {
      let error = #expect(throws: ScheduleError.self) { try schedule.write(path: path) }
      #expect(error?.description.contains(path) == true)
      #expect(error?.description.contains("\n") == false)
    }
    #expect(folder.names.isEmpty)
  }

  @Test(.enabled(if: getuid() != 0, "root may write anywhere"))
  func aReadOnlyFolderKeepsTheOldFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.json")
    try Data("old".utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    #expect(throws: ScheduleError.self) { try ScheduleSamples.read().write(path: path) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(folder.names == ["a.json"])
  }

  @Test func aFullDiskIsReported() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    #expect(throws: AtomicFile.Failure.self) {
      try AtomicFile.write(Array("text".utf8), to: descriptor)
    }
    let error = #expect(throws: ScheduleError.self) {
      try ScheduleSamples.read().write(path: "/dev/full")
    }
    #expect(error?.description.contains("No space left on device") == true)
  }

  @Test func devicesAreWrittenThroughAndNotReplaced() throws {
    try ScheduleSamples.read().write(path: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func unreadableFilesAreOneSentence() throws {
    let folder = try TemporaryFolder()
    for path in [folder.file("none.json"), folder.path] {
      let error = #expect(throws: ScheduleError.self) { try Schedule.read(path: path) }
      #expect(error?.description.hasPrefix(path) == true)
    }
  }

  @Test func endlessFilesAreRefused() {
    #expect(
      throws: ScheduleError.tooLarge(file: "/dev/zero", limitBytes: Schedule.maximumFileBytes)
    ) {
      try Schedule.read(path: "/dev/zero")
    }
  }
}
