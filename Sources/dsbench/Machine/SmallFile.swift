import Glibc

enum SmallFile {
  /// A file's text without the newline at its end; `nil` where it cannot be read or is larger.
  static func text(_ path: String, mostBytes: Int = 1 << 20) -> String? {
    guard let file = fopen(path, "re") else { return nil }
    defer { fclose(file) }
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      text += chunk[..<count]
      if text.count > mostBytes { return nil }
    }
    guard ferror(file) == 0 else { return nil }
    while text.last == UInt8(ascii: "\n") { text.removeLast() }
    return String(decoding: text, as: UTF8.self)
  }
}
