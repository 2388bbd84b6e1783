import Glibc

/// Reads files whole; the kernel's own do not know their size before.
package enum SystemFile {
  package struct Failure: Error {
    /// An `errno`.
    package var code: Int32
  }

  package static func read(_ path: String) -> String? {
    (try? bytes(path).get()).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The text without the newline at its end; `nil` where it cannot be read or is larger.
  package static func text(_ path: String, mostBytes: Int = 1 << 20) -> String? {
    guard var bytes = try? bytes(path, mostBytes: mostBytes).get(), bytes.count <= mostBytes else {
      return nil
    }
    while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// - Parameter mostBytes: with more than so many there is no need to read to the end.
  package static func bytes(
    _ path: String, mostBytes: Int = .max
  ) -> Result<[UInt8], Failure> {
    guard let file = fopen(path, "re") else { return .failure(Failure(code: errno)) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 13)
    while bytes.count <= mostBytes, case let count = fread(&chunk, 1, chunk.count, file), count > 0
    {
      bytes += chunk[..<count]
    }
    return ferror(file) == 0 ? .success(bytes) : .failure(Failure(code: errno))
  }
}
