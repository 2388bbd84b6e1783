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

  /// As /dev/stdout is without /proc: what it leads to is made, or cannot be, and the link stays.
  @Test func `a link that leads nowhere is not replaced`() throws {
    try Fixtures.withTemporaryFolder { folder in
      let (link, lost) = (folder + "/link", folder + "/lost")
      symlink("file", link)
      symlink("nowhere/file", lost)
      try AtomicFile.replace(link, with: Array("new".utf8))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
      #expect(try String(contentsOfFile: folder + "/file", encoding: .utf8) == "new")
      #expect(throws: AtomicFile.Failure.self) { try AtomicFile.replace(lost, with: []) }
      #expect(throws: AtomicFile.Failure.self) { try AtomicFile.rehearse(lost) }
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: lost) == "nowhere/file")
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

  // MARK: - Names

  /// 255 bytes are the longest that Linux's file systems take.
  @Test(arguments: ["x", "ä", "🙂"]) func `names as long as allowed are written`(character: String)
    throws
  {
    try Fixtures.withTemporaryFolder { folder in
      let count = 255 / character.utf8.count
      let path = folder + "/" + String(repeating: character, count: count)
      try AtomicFile.rehearse(path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      try AtomicFile.replace(path, with: [1, 2, 3])
      #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2, 3]))
      #expect(throws: AtomicFile.Failure.self) { try AtomicFile.rehearse(path + "yyyyy") }
    }
  }

  @Test func `derived names fit, stay what they are and differ`() throws {
    try Fixtures.withTemporaryFolder { folder in
      #expect(FileName.derived(from: folder + "/a", suffix: ".old") == folder + "/a.old")
      let long = folder + "/" + String(repeating: "ä", count: 126)
      let (one, other) = (long + "a", long + "b")
      let derived = FileName.derived(from: one, suffix: ".trials.jsonl")
      #expect(derived == FileName.derived(from: one, suffix: ".trials.jsonl"))
      #expect(derived != FileName.derived(from: other, suffix: ".trials.jsonl"))
      #expect(derived.hasPrefix(folder + "/ää") && derived.hasSuffix(".trials.jsonl"))
      for path in [derived, FileName.derived(from: derived, suffix: ".old")] {
        try AtomicFile.replace(path, with: [])
      }
    }
  }

  // MARK: - What is no file

  @Test func `what cannot be written is known before`() throws {
    try Fixtures.withTemporaryFolder { folder in
      let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let path = folder + "/socket"
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
      let status = withUnsafePointer(to: address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(status == 0)
      for (path, reason) in [
        (path, "socket"), (folder, "folder"), (folder + "/new/", "names no file"),
        ("/nowhere/x", "No such file"), (folder + "/socket/x", "Not a directory"),
        ("/sys/x", "creating a file"), ("", "names no file"),
      ] {
        let failure = #expect(throws: AtomicFile.Failure.self) { try AtomicFile.rehearse(path) }
        #expect(failure?.reason.contains(reason) == true, "\(path): \(failure?.reason ?? "")")
      }
      #expect(throws: Never.self) { try AtomicFile.rehearse("/dev/full") }
    }
  }

  /// As /dev/stdout is where a shell's file was removed meanwhile: replacing the path would replace /dev/stdout.
  @Test func `a file without a name is written and not replaced`() throws {
    try Fixtures.withFile("old".utf8) { path in
      let descriptor = open(path, O_RDWR)
      defer { close(descriptor) }
      unlink(path)
      try AtomicFile.replace("/proc/self/fd/\(descriptor)", with: Array("new".utf8))
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = pread(descriptor, &bytes, bytes.count, 0)
      #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == "oldnew")
    }
  }

  @Test func `a pipe takes more than it holds, and ends where its reader is gone`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    signal(SIGPIPE, SIG_IGN)
    let path = "/proc/self/fd/\(ends[1])"
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
    let reader = Thread { [ends] in
      var (buffer, sum) = ([UInt8](repeating: 0, count: 4096), 0)
      while sum < 300_000, case let count = read(ends[0], &buffer, buffer.count), count > 0 {
        sum += count
      }
      close(ends[0])
    }
    reader.start()
    try AtomicFile.replace(path, with: bytes)
    while !reader.isFinished { usleep(1000) }
    let failure = #expect(throws: AtomicFile.Failure.self) {
      try AtomicFile.replace(path, with: bytes)
    }
    #expect(failure?.reason.contains("Broken pipe") == true)
    close(ends[1])
  }

  /// In a process of its own: the request is the whole process's. The alarm ends what waits for ever.
  @Test(arguments: ["open", "write", "read"]) func `a request to stop ends every wait`(call: String)
    async
  {
    await #expect(processExitsWith: .exitCode(7)) { [call] in
      try Fixtures.withTemporaryFolder { folder in
        let path = folder + "/pipe"
        guard mkfifo(path, 0o600) == 0 else { exit(1) }
        alarm(60)
        Interruption.reset()
        // Holds both ends open, so that nothing but the request can end a read or write.
        let holder = call == "open" ? -1 : open(path, O_RDWR)
        let asker = Thread {
          usleep(100_000)
          Interruption.request()
        }
        asker.start()
        do throws(AtomicFile.Failure) {
          if call == "read" {
            _ = try AtomicFile.read(path, limitBytes: 10)
          } else {
            try AtomicFile.replace(path, with: [UInt8](repeating: 1, count: 1 << 20))
          }
        } catch {
          close(holder)
          unlink(path)
          exit(Interruption.hasEndedWait && error.reason.contains("interrupted") ? 7 : 3)
        }
      }
      exit(2)
    }
  }
}
