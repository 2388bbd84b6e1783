import DSCore

/// What of this process is in memory, as the kernel counts it.
enum ResidentMemory {
  static var currentBytes: Int? { kibibytes("VmRSS:").map { $0 * 1024 } }
  static var peakBytes: Int? { kibibytes("VmHWM:").map { $0 * 1024 } }

  private static func kibibytes(_ field: String) -> Int? {
    let lines: [Substring] = (SystemFile.text("/proc/self/status") ?? "").split(separator: "\n")
    guard let line = lines.first(where: { $0.hasPrefix(field) }) else { return nil }
    return Int(line.filter { "0"..."9" ~= $0 })
  }
}
