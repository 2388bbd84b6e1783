import Glibc

/// Reads files whole; the kernel's own do not know their size before.
enum SystemFile {
  struct Failure: Error {
    /// An `errno`.
    var code: Int32
  }

  static func read(_ path: String) -> String? {
    (try? bytes(path).get()).map { String(decoding: $0, as: UTF8.self) }
  }

  static func bytes(_ path: String) -> Result<[UInt8], Failure> {
    guard let file = fopen(path, "r") else { return .failure(Failure(code: errno)) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return ferror(file) == 0 ? .success(bytes) : .failure(Failure(code: errno))
  }
}
