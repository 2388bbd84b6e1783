import Glibc

/// The small files under /sys/devices/system that describe processors, caches and memory nodes.
struct SystemFiles {
  let root: String

  /// The first line.
  func text(_ path: String) -> String? {
    guard let file = fopen("\(root)/\(path)", "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    let line = bytes.prefix(count).prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: line, as: UTF8.self)
  }

  func integer(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

  /// "32K" → 32768; `nil` for what is no size, or zero.
  func byteCount(_ path: String) -> Int? {
    guard let text = text(path), let last = text.last else { return nil }
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = units[last]
    guard let count = Int(unit == nil ? text[...] : text.dropLast()), (1..<1 << 31).contains(count)
    else { return nil }
    return count * (unit ?? 1)
  }

  /// "0-2,5" → [0, 1, 2, 5].
  func processors(_ path: String) -> [Int]? {
    guard let list = text(path), !list.isEmpty else { return nil }
    var result: [Int] = []
    for part in list.split(separator: ",") {
      let ends = part.split(separator: "-").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else {
        return nil
      }
      result += first...last
    }
    return result
  }

  /// How many memory nodes have one of the processors; 1 where the system does not say.
  func memoryNodes(of processors: Set<Int>) -> Int {
    let nodes = self.processors("node/online") ?? []
    let near = nodes.count { node in
      self.processors("node/node\(node)/cpulist").map { !processors.isDisjoint(with: $0) } ?? false
    }
    return max(1, near)
  }
}
