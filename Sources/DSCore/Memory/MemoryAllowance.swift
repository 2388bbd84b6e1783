import Glibc

/// How much memory this process may take: the least of what the machine has, the shell's limits and the control groups leave.
///
/// Whoever is about to take much, by sizes that a user gave, asks before: what Swift allocates for its arrays ends the process
/// where there is nothing left, and a control group kills. Small arrays are not asked for; `reserveByteCount` is kept for them.
package enum MemoryAllowance {
  /// What stays free for small things: arrays of a few elements, strings, the runtime's own tables.
  package static let reserveByteCount = 6 << 20
  /// Less is not worth a look into the system's files.
  private static let smallestChecked = 64 << 10

  /// An eighth of the machine's memory and a quarter of what the tightest limit leaves: what a measurement may take without harm
  /// to anyone.
  package static func bytes() -> Int { bytes(MemoryLimit.all()) }

  package static func bytes(_ limits: [MemoryLimit]) -> Int {
    limits.map { $0.source == .machine ? $0.byteCount / 8 : $0.freeByteCount / 4 }.min() ?? 0
  }

  /// - Parameter mappedByteCount: what it takes of the address space, where that is more.
  /// - Throws: where so many bytes more are not to be had.
  package static func check(
    _ byteCount: Int, mappedByteCount: Int? = nil
  ) throws(MemoryShortage) {
    if byteCount < smallestChecked { return }
    guard canMap(max(byteCount, mappedByteCount ?? 0) + reserveByteCount),
      fits(byteCount, in: MemoryLimit.all())
    else { throw MemoryShortage(byteCount: byteCount) }
  }

  /// What a program checks when it begins.
  ///
  /// - Throws: where not even the small things that nobody asks for have room.
  package static func checkReserve() throws(MemoryShortage) {
    guard canMap(reserveByteCount), fits(0, in: MemoryLimit.all()) else {
      throw MemoryShortage(byteCount: reserveByteCount)
    }
  }

  package static func fits(_ byteCount: Int, in limits: [MemoryLimit]) -> Bool {
    limits.allSatisfy { byteCount < $0.freeByteCount - reserveByteCount }
  }

  /// Whether the system would give so much address space: the last word where its files say nothing.
  private static func canMap(_ byteCount: Int) -> Bool {
    let address = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { return false }
    munmap(address, byteCount)
    return true
  }
}
