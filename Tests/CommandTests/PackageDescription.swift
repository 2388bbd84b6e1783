import Foundation

/// What `swift package dump-package` says, as far as the tests ask.
struct PackageDescription: Decodable {
  struct Target: Decodable {
    var name: String
    var type: String
    var path: String?
    var dependencies: Set<String>

    /// Test suites and what only they use.
    var isForTests: Bool { type == "test" || path?.hasPrefix("Tests/") == true }

    private enum Key: CodingKey { case name, type, path, dependencies }

    /// `{"byName": ["DSCore", null]}`; the first element is the name in every kind of dependency.
    private struct Dependency: Decodable {
      var name: String

      init(from decoder: any Decoder) throws {
        let kinds = try decoder.singleValueContainer().decode([String: [FirstString]].self)
        name = kinds.values.first?.first?.text ?? ""
      }
    }

    /// A string, or anything else as `nil`.
    private struct FirstString: Decodable {
      var text: String?

      init(from decoder: any Decoder) throws {
        text = try? decoder.singleValueContainer().decode(String.self)
      }
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      name = try values.decode(String.self, forKey: .name)
      type = try values.decode(String.self, forKey: .type)
      path = try values.decodeIfPresent(String.self, forKey: .path)
      dependencies = Set(
        try values.decode([Dependency].self, forKey: .dependencies).map(\.name))
    }

    /// The target's own Swift files. Folders shared through symbolic links count too.
    func swiftFiles(under root: URL) throws -> [URL] {
      let folder = path ?? (type == "test" ? "Tests/\(name)" : "Sources/\(name)")
      return try Self.swiftFiles(in: root.appending(path: folder))
    }

    private static func swiftFiles(in folder: URL) throws -> [URL] {
      let entries = try FileManager.default.contentsOfDirectory(
        at: folder.resolvingSymlinksInPath(), includingPropertiesForKeys: nil)
      return try entries.flatMap { entry -> [URL] in
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(
          atPath: entry.path(), isDirectory: &isFolder)
        if exists && isFolder.boolValue { return try swiftFiles(in: entry) }
        return entry.pathExtension == "swift" ? [entry] : []
      }
    }
  }

  struct CannotDump: Error, CustomStringConvertible {
    var status: Int32
    var description: String { "swift package dump-package ended with \(status)" }
  }

  var targets: [Target]

  /// Asks SwiftPM. It gets a scratch folder of its own, since `swift test` holds the package's.
  init(dumpedFrom root: URL) throws {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "dstune-rooms-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", root.path(), "--scratch-path", scratch.path(),
      "dump-package",
    ]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let json = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CannotDump(status: process.terminationStatus)
    }
    self = try JSONDecoder().decode(PackageDescription.self, from: json)
  }
}
