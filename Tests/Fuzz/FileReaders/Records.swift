import DSCommandLine
import FuzzHarness

extension FuzzedReader {
  /// What `dsbench compare runs` reads.
  static let records = FuzzedReader("records", mostBytes: 768) { bytes in
    saved.hold(bytes)
    do throws(CommandFailure) {
      let rows = try SavedFile(path: saved.path).rows
      expect(!rows.isEmpty, "accepted without a row")
    } catch {
      expectSentence(error)
      expect(error.code == .unreadableInput, "exit code \(error.code)")
    }
  }

  private static let saved = MemoryFile()
}
