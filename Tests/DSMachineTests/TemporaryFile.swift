import Foundation

/// A file that goes away with its owner.
final class TemporaryFile {
  let path: String

  convenience init(_ text: String) throws { try self.init(Data(text.utf8)) }

  init(_ bytes: Data) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "dstune-\(UUID()).xml")
    try bytes.write(to: file)
    path = file.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
