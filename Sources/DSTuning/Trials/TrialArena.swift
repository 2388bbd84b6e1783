import DSCore
import DSKernels
import DSRuntime

/// Memory of a trial, in one piece of huge pages as a session's arena and weights are.
///
/// On pages of 4 KiB the system decides which of them share sets of the second-level cache, anew for each process. Zen 5, as a
/// virtual machine: medians of ten processes differed by 2.4 times what their intervals promise, by 1.8 times with this; copies
/// of a kernel by up to 1.3 %, and 0.8 with this.
final class TrialArena {
  private let memory: AlignedBuffer
  private var used = 0

  /// - Throws: `RuntimeError.outOfMemory`.
  init(byteCount: Int) throws(RuntimeError) {
    memory = try RuntimeError.forWantOfMemory { () throws(MemoryShortage) in
      try AlignedBuffer.pages(byteCount: byteCount, huge: true)
    }
  }

  /// The next bytes, aligned to 64.
  func take(_ byteCount: Int) -> AlignedBuffer {
    defer { used += Self.aligned(byteCount) }
    return memory.slice(at: used, byteCount: byteCount)
  }

  /// What such parts need together.
  static func byteCount(_ parts: [Int]) -> Int { parts.reduce(0) { $0 + aligned($1) } }

  /// What an arena takes of the system's memory.
  static func residentBytes(_ byteCount: Int) -> Int {
    (byteCount + hugePage - 1) / hugePage * hugePage
  }

  private static let hugePage = 2 << 20

  private static func aligned(_ byteCount: Int) -> Int { (byteCount + 63) / 64 * 64 }
}
