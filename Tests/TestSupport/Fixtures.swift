import Foundation

/// Files that tests read, below Tests/Fixtures, and files that tests write.
package enum Fixtures {
  /// The path of `name` below Tests/Fixtures.
  package static func path(_ name: String) -> String {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return tests.appending(path: "Fixtures/\(name)").path
  }

  package static func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path(name)))
  }

  /// Runs `body` with an empty folder that is gone afterwards.
  @discardableResult
  package static func withTemporaryFolder<Result>(
    _ body: (String) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  /// Runs `body` with the path of a file that holds `bytes`.
  @discardableResult
  package static func withFile<Result>(
    named name: String = "file", _ bytes: some Sequence<UInt8>,
    _ body: (String) throws -> Result
  ) throws -> Result {
    try withTemporaryFolder { folder in
      let path = folder + "/" + name
      try Data(bytes).write(to: URL(filePath: path))
      return try body(path)
    }
  }
}
