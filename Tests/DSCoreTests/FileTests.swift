import DSCore
import Foundation
import TestSupport
import Testing

@Suite struct FileTests {
  /// Opening a pipe that nobody writes to waits for ever, unless asked not to; hence the alarm.
  @Test func `a pipe is refused, not waited for`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      try Fixtures.withTemporaryFolder { folder in
        let path = folder + "/pipe"
        guard mkfifo(path, 0o600) == 0 else { exit(1) }
        alarm(20)
        do {
          _ = try MappedFile(path: path)
        } catch FileError.noRegularFile(path) {
          unlink(path)
          exit(7)
        }
      }
      exit(2)
    }
  }

  @Test func `a file is replaced as a whole, with its mode, behind its link`() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (file, link) = (folder + "/file", folder + "/link")
      try Data("old".utf8).write(to: URL(filePath: file))
      chmod(file, 0o640)
      symlink("file", link)
      try AtomicFile.replace(link, with: Array("new".utf8))
      #expect(try String(contentsOfFile: file, encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o640)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
  }
}
