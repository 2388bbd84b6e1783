import CSystem
import DSCore

/// Latency of loads of which each waits for the one before, all over a growing working set.
///
/// One pointer a cache line, linked into a cycle that no prefetcher can run ahead of; the idea is
/// lmbench's (McVoy and Staelin, USENIX ATC 1996). The cycle visits all lines of a page, in random
/// order, before it goes on to a random other page: one address translation serves a whole page.
/// With lines from anywhere, a virtual machine without huge pages showed its TLB's reach of 4 MiB
/// as the end of a 32 MiB cache.
struct PointerChase: ~Copyable {
  private static let pageBytes = 4096
  private let base: UnsafeMutableRawPointer
  private let capacityBytes: Int
  private let lineBytes: Int
  /// Where the cycle enters and leaves each page, as offsets from the base.
  private var pages: [(entry: Int, exit: Int)] = []
  private var position = 0
  private var generator = SeededGenerator(seed: 1)

  /// - Returns: `nil` where there is no memory.
  init?(capacityBytes: Int, lineBytes: Int) {
    guard let base = cs_map_pages(capacityBytes, 1) else { return nil }
    self.base = base
    self.capacityBytes = capacityBytes
    self.lineBytes = min(lineBytes, Self.pageBytes / 2)
    grow(to: Self.pageBytes) { false }
  }

  deinit { cs_unmap_pages(base, capacityBytes, 1) }

  /// The memory, for other measurements to read.
  var bytes: UnsafeRawPointer { UnsafeRawPointer(base) }

  /// Extends the cycle to a working set. Each new page is put in after a random one (Sattolo's
  /// cyclic permutation, grown from its end), so the cycle of a smaller set is never built again.
  mutating func grow(to byteCount: Int, shouldStop: () -> Bool) {
    while pages.count < min(byteCount, capacityBytes) / Self.pageBytes, !shouldStop() {
      let page = linkedPage()
      if pages.isEmpty {
        link(page.exit, to: page.entry)
        position = page.entry
      } else {
        let before = pages[Int(generator.next() % UInt64(pages.count))].exit
        link(page.exit, to: base.load(fromByteOffset: before, as: Int.self))
        link(before, to: page.entry)
      }
      pages.append(page)
    }
  }

  /// Links the lines of the next page in random order.
  private mutating func linkedPage() -> (entry: Int, exit: Int) {
    let start = pages.count * Self.pageBytes
    let lines = stride(from: start, to: start + Self.pageBytes, by: lineBytes)
      .shuffled(using: &generator)
    for (line, next) in zip(lines, lines.dropFirst()) { link(line, to: next) }
    return (lines[0], lines[lines.count - 1])
  }

  private func link(_ line: Int, to next: Int) {
    base.storeBytes(of: next, toByteOffset: line, as: Int.self)
  }

  /// Brings as much of the working set into the caches as they hold.
  func touch() {
    var sum = 0
    for offset in stride(from: 0, to: pages.count * Self.pageBytes, by: lineBytes) {
      sum &+= base.load(fromByteOffset: offset, as: Int.self)
    }
    withExtendedLifetime(sum) {}
  }

  /// Nanoseconds a load, the best of at least three walks; walks on for so long.
  mutating func latency(forNanoseconds nanoseconds: Double, shouldStop: () -> Bool) -> Double {
    let steps = 4096
    var best = Double.infinity
    var walks = 0
    var limit = TimeLimit(nanoseconds: nanoseconds, of: cs_monotonic_ns)
    while !limit.isOver() || (walks < 3 && !limit.clockStands), !shouldStop() {
      let start = cs_monotonic_ns()
      walk(steps)
      let elapsed = ClockTime.elapsed(from: start, to: cs_monotonic_ns())
      best = min(best, Double(max(1, elapsed)) / Double(steps))
      walks += 1
    }
    return best
  }

  private mutating func walk(_ steps: Int) {
    var offset = position
    for _ in 0..<steps { offset = base.load(fromByteOffset: offset, as: Int.self) }
    position = offset
  }
}
